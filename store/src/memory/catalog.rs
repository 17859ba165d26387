//! The tables in memory, with their keys, references and orders.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use async_trait::async_trait;
use interview::InterviewId;
use service::ports::catalog::{
    Account, Assessment, Erasure, Interview, InterviewFilter, InterviewProgress, InterviewSort, InterviewState,
    Invitation, Login, Page, Taken,
};
use service::ports::{Catalog, PortError};

use super::{Kept, Memory};
use crate::fault::Fault;
use crate::interviews::searchable_of;
use crate::searching::{needle, searchable};

#[async_trait]
impl Catalog for Memory {
    async fn account_by_email(&self, email: &str) -> Result<Option<Account>, PortError> {
        Ok(self.kept().accounts.values().find(|account| account.email == email).cloned())
    }

    async fn account(&self, id: &str) -> Result<Option<Account>, PortError> {
        Ok(self.kept().accounts.get(id).cloned())
    }

    async fn put_account(&self, account: &Account) -> Result<(), PortError> {
        let mut kept = self.kept();
        match kept.accounts.values_mut().find(|known| known.email == account.email) {
            Some(known) => {
                known.name.clone_from(&account.name);
                known.password_hash.clone_from(&account.password_hash);
                Ok(())
            }
            None => add(&mut kept.accounts, account.id.clone(), account.clone()),
        }
    }

    async fn replace_password(&self, account: &str, password_hash: &str) -> Result<(), PortError> {
        let mut kept = self.kept();
        let known = kept.accounts.get_mut(account).ok_or_else(|| Fault::Absent("account", account.to_owned()))?;
        password_hash.clone_into(&mut known.password_hash);
        kept.logins.retain(|_, login| login.account != account);
        Ok(())
    }

    async fn put_login(&self, login: &Login) -> Result<(), PortError> {
        let mut kept = self.kept();
        refer("account", &kept.accounts, &login.account)?;
        kept.logins.insert(login.token_hash.clone(), login.clone());
        Ok(())
    }

    async fn login(&self, token_hash: &str, now: u64) -> Result<Option<Login>, PortError> {
        Ok(self.kept().logins.get(token_hash).filter(|login| login.expires_at > now).cloned())
    }

    async fn remove_login(&self, token_hash: &str, now: u64) -> Result<(), PortError> {
        self.kept().logins.retain(|hash, login| hash != token_hash && login.expires_at > now);
        Ok(())
    }

    async fn put_assessment(&self, assessment: &Assessment) -> Result<(), PortError> {
        add(&mut self.kept().assessments, assessment.id.clone(), assessment.clone())
    }

    async fn assessments(&self) -> Result<Vec<Assessment>, PortError> {
        let mut rows: Vec<Assessment> = self.kept().assessments.values().cloned().collect();
        rows.sort_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
        Ok(rows)
    }

    async fn assessment(&self, id: &str) -> Result<Option<Assessment>, PortError> {
        Ok(self.kept().assessments.get(id).cloned())
    }

    async fn put_invitation(&self, invitation: &Invitation) -> Result<(), PortError> {
        let mut kept = self.kept();
        refer("assessment", &kept.assessments, &invitation.assessment)?;
        if let Some(interview) = &invitation.interview {
            refer("interview", &kept.interviews, interview)?;
        }
        add(&mut kept.invitations, invitation.token_hash.clone(), invitation.clone())
    }

    async fn invitation(&self, token_hash: &str) -> Result<Option<Invitation>, PortError> {
        Ok(self.kept().invitations.get(token_hash).cloned())
    }

    async fn invitations(&self, assessment: &str) -> Result<Vec<Invitation>, PortError> {
        let kept = self.kept();
        let of_assessment = kept.invitations.values().filter(|invitation| invitation.assessment == assessment);
        let mut rows: Vec<Invitation> = of_assessment.cloned().collect();
        rows.sort_by_key(|invitation| Reverse(invitation.created_at));
        Ok(rows)
    }

    async fn take_invitation(&self, token_hash: &str, interview: &Interview) -> Result<Taken, PortError> {
        self.kept().take_invitation(token_hash, interview)
    }

    async fn interview(&self, id: &InterviewId) -> Result<Option<Interview>, PortError> {
        Ok(self.kept().interviews.get(id).cloned())
    }

    async fn interviews(&self, filter: &InterviewFilter) -> Result<Page<Interview>, PortError> {
        Ok(self.kept().page(filter))
    }

    async fn due_to_end(&self, deadline: u64) -> Result<Vec<InterviewId>, PortError> {
        let kept = self.kept();
        let mut due: Vec<&Interview> = kept
            .interviews
            .values()
            .filter(|interview| match interview.state {
                InterviewState::Running => interview.deadline_at <= deadline,
                InterviewState::Submitted => true,
                InterviewState::Ended => false,
            })
            .collect();
        due.sort_by_key(|interview| interview.deadline_at);
        Ok(due.into_iter().map(|interview| interview.id.clone()).collect())
    }

    async fn note_progress(&self, id: &InterviewId, progress: &InterviewProgress) -> Result<(), PortError> {
        let mut kept = self.kept();
        let interview = kept.interviews.get_mut(id).ok_or_else(|| Fault::Absent("interview", id.to_string()))?;
        interview.state = progress.state;
        interview.ended_at = progress.ended_at;
        interview.tests_passed = progress.tests_passed;
        interview.tests_total = progress.tests_total;
        Ok(())
    }

    async fn erase_interview(&self, id: &InterviewId) -> Result<Erasure, PortError> {
        Ok(self.kept().erase_interview(id))
    }

    async fn setting(&self, name: &str) -> Result<Option<String>, PortError> {
        Ok(self.kept().settings.get(name).cloned())
    }

    async fn put_setting(&self, name: &str, value: &str) -> Result<String, PortError> {
        Ok(self.kept().settings.entry(name.to_owned()).or_insert_with(|| value.to_owned()).clone())
    }
}

impl Kept {
    fn take_invitation(&mut self, token_hash: &str, interview: &Interview) -> Result<Taken, PortError> {
        let invitation =
            self.invitations.get_mut(token_hash).ok_or_else(|| Fault::Absent("invitation", token_hash.to_owned()))?;
        if let Some(before) = &invitation.interview {
            return Ok(Taken::Before(before.clone()));
        }
        refer("assessment", &self.assessments, &interview.assessment)?;
        add(&mut self.interviews, interview.id.clone(), interview.clone())?;
        invitation.interview = Some(interview.id.clone());
        Ok(Taken::Now)
    }

    fn erase_interview(&mut self, id: &InterviewId) -> Erasure {
        match self.interviews.get(id).map(|interview| interview.state) {
            None => return Erasure::Unknown,
            Some(InterviewState::Running | InterviewState::Submitted) => return Erasure::StillOpen,
            Some(InterviewState::Ended) => {}
        }
        let invitations = self.invitations.len();
        self.invitations.retain(|_, invitation| invitation.interview.as_ref() != Some(id));
        self.interviews.remove(id);
        let events = self.logs.remove(id).map_or(0, |log| log.entries.len());
        Erasure::Done { events: events as u64, invitations: (invitations - self.invitations.len()) as u64 }
    }

    fn page(&self, filter: &InterviewFilter) -> Page<Interview> {
        let needle = needle(filter.search.as_deref().unwrap_or_default());
        let mut rows: Vec<&Interview> = self
            .interviews
            .values()
            .filter(|interview| filter.state.is_none_or(|state| interview.state == state))
            .filter(|interview| filter.assessment.as_ref().is_none_or(|assessment| interview.assessment == *assessment))
            .filter(|interview| self.is_found(&needle, interview))
            .collect();
        rows.sort_by(|a, b| in_order(filter.sort, a, b));

        let total = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let rows = rows.into_iter().skip(filter.offset as usize).take(filter.limit as usize).cloned().collect();
        Page { rows, total }
    }

    fn is_found(&self, needle: &str, interview: &Interview) -> bool {
        let in_title = |assessment: &Assessment| searchable(&[&assessment.title]).contains(needle);
        searchable_of(interview).contains(needle) || self.assessments.get(&interview.assessment).is_some_and(in_title)
    }
}

fn in_order(sort: InterviewSort, a: &Interview, b: &Interview) -> Ordering {
    let newest = || (b.started_at, &b.id).cmp(&(a.started_at, &a.id));
    let name = || searchable_of(a).cmp(&searchable_of(b)).then_with(|| a.id.cmp(&b.id));
    let passed = || (share(a), a.tests_passed).cmp(&(share(b), b.tests_passed));
    let length = || duration(a).cmp(&duration(b));
    let open = || duration(a).is_none().cmp(&duration(b).is_none());
    match sort {
        InterviewSort::Newest => newest(),
        InterviewSort::Oldest => newest().reverse(),
        InterviewSort::Candidate => name(),
        InterviewSort::CandidateReversed => name().reverse(),
        InterviewSort::Passed => passed().reverse().then_with(newest),
        InterviewSort::PassedLeast => passed().then_with(newest),
        InterviewSort::Longest => open().then_with(|| length().reverse()).then_with(newest),
        InterviewSort::Shortest => open().then_with(length).then_with(newest),
    }
}

/// How long it took, once it has ended.
fn duration(interview: &Interview) -> Option<i128> {
    interview.ended_at.map(|ended_at| i128::from(ended_at) - i128::from(interview.started_at))
}

/// The share of cases that passed, in millionths.
fn share(interview: &Interview) -> u64 {
    let millionths = u64::from(interview.tests_passed) * 1_000_000;
    millionths.checked_div(u64::from(interview.tests_total)).unwrap_or(0)
}

fn add<K: Ord, V>(rows: &mut BTreeMap<K, V>, key: K, row: V) -> Result<(), PortError> {
    if rows.contains_key(&key) {
        return Err(PortError::Conflict);
    }
    rows.insert(key, row);
    Ok(())
}

fn refer<K: Ord + ToString, V>(what: &'static str, rows: &BTreeMap<K, V>, key: &K) -> Result<(), PortError> {
    match rows.contains_key(key) {
        true => Ok(()),
        false => Err(Fault::Absent(what, key.to_string()).into()),
    }
}
