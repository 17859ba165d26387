//! The tables beside the log, as the port names them. Each answer comes from the file of its family.

use async_trait::async_trait;
use interview::InterviewId;
use service::ports::catalog::{
    Account, Assessment, Erasure, Interview, InterviewFilter, InterviewProgress, Invitation, Login, Page, Taken,
};
use service::ports::{Catalog, PortError};

use crate::database::Store;
use crate::{accounts, assessments, erasing, interviews, invitations, settings};

#[async_trait]
impl Catalog for Store {
    async fn account_by_email(&self, email: &str) -> Result<Option<Account>, PortError> {
        Ok(accounts::by_email(self.readers(), email).await?)
    }

    async fn account(&self, id: &str) -> Result<Option<Account>, PortError> {
        Ok(accounts::by_id(self.readers(), id).await?)
    }

    async fn put_account(&self, account: &Account) -> Result<(), PortError> {
        Ok(accounts::put(self.writer(), account).await?)
    }

    async fn replace_password(&self, account: &str, password_hash: &str) -> Result<(), PortError> {
        Ok(accounts::replace_password(self, account, password_hash).await?)
    }

    async fn put_login(&self, login: &Login) -> Result<(), PortError> {
        Ok(accounts::put_login(self.writer(), login).await?)
    }

    async fn login(&self, token_hash: &str, now: u64) -> Result<Option<Login>, PortError> {
        Ok(accounts::login(self.readers(), token_hash, now).await?)
    }

    async fn remove_login(&self, token_hash: &str, now: u64) -> Result<(), PortError> {
        Ok(accounts::remove_login(self.writer(), token_hash, now).await?)
    }

    async fn put_assessment(&self, assessment: &Assessment) -> Result<(), PortError> {
        Ok(assessments::put(self.writer(), assessment).await?)
    }

    async fn assessments(&self) -> Result<Vec<Assessment>, PortError> {
        Ok(assessments::all(self.readers()).await?)
    }

    async fn assessment(&self, id: &str) -> Result<Option<Assessment>, PortError> {
        Ok(assessments::by_id(self.readers(), id).await?)
    }

    async fn put_invitation(&self, invitation: &Invitation) -> Result<(), PortError> {
        Ok(invitations::put(self.writer(), invitation).await?)
    }

    async fn invitation(&self, token_hash: &str) -> Result<Option<Invitation>, PortError> {
        Ok(invitations::by_token(self.readers(), token_hash).await?)
    }

    async fn invitations(&self, assessment: &str) -> Result<Vec<Invitation>, PortError> {
        Ok(invitations::of_assessment(self.readers(), assessment).await?)
    }

    async fn take_invitation(&self, token_hash: &str, interview: &Interview) -> Result<Taken, PortError> {
        Ok(invitations::take(self, token_hash, interview).await?)
    }

    async fn interview(&self, id: &InterviewId) -> Result<Option<Interview>, PortError> {
        Ok(interviews::by_id(self.readers(), id).await?)
    }

    async fn interviews(&self, filter: &InterviewFilter) -> Result<Page<Interview>, PortError> {
        Ok(interviews::page(self.readers(), filter).await?)
    }

    async fn due_to_end(&self, deadline: u64) -> Result<Vec<InterviewId>, PortError> {
        Ok(interviews::due_to_end(self.readers(), deadline).await?)
    }

    async fn note_progress(&self, id: &InterviewId, progress: &InterviewProgress) -> Result<(), PortError> {
        Ok(interviews::note_progress(self.writer(), id, progress).await?)
    }

    async fn erase_interview(&self, id: &InterviewId) -> Result<Erasure, PortError> {
        Ok(erasing::erase(self, id).await?)
    }

    async fn setting(&self, name: &str) -> Result<Option<String>, PortError> {
        Ok(settings::by_name(self.readers(), name).await?)
    }

    async fn put_setting(&self, name: &str, value: &str) -> Result<String, PortError> {
        Ok(settings::put(self, name, value).await?)
    }
}
