//! Inviting somebody: to what, whom, and then the link to send them.

use leptos::form::ActionForm;
use leptos::html::Select;
use leptos::prelude::*;

use super::Desk;
use super::api::Invite;
use super::rows::NewInvitation;
use crate::shell::error::AppError;
use crate::ui::copy::CopyField;
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, described_by, is_invalid};
use crate::ui::time::Moment;

/// The form's id, for the button outside it.
const FORM: &str = "invite-form";

/// The dialog that ends with a link.
#[component]
pub fn InviteDialog(
    /// The desk it belongs to.
    desk: Desk,
) -> impl IntoView {
    let is_open = Memo::new(move |_| desk.inviting.with(Option::is_some));
    let close = Callback::new(move |()| desk.inviting.set(None));
    view! {
        <Dialog id="invite" title="Invite candidate".to_owned() open=is_open on_close=close>
            <Inviting desk/>
        </Dialog>
    }
}

#[component]
fn Inviting(
    /// The desk it belongs to.
    desk: Desk,
) -> impl IntoView {
    let invite = ServerAction::<Invite>::new();
    let made = Memo::new(move |_| invite.value().get().and_then(Result::ok));
    Effect::new(move |_| {
        if made.with(Option::is_some) {
            desk.refresh();
        }
    });
    view! {
        <Show when=move || made.with(Option::is_none) fallback=move || {
            made.get().map(|made| view! { <Invited made invite desk/> })
        }>
            <InviteForm invite desk/>
        </Show>
    }
}

#[component]
fn InviteForm(
    /// What sends it.
    invite: ServerAction<Invite>,
    /// The desk it belongs to.
    desk: Desk,
) -> impl IntoView {
    let fault = move || invite.value().get().and_then(Result::err);
    let of = move |field: &'static str| Signal::derive(move || fault().and_then(|error| error.of_field(field)));
    let (name, email) = (of("name"), of("email"));
    let general =
        move || fault().filter(|error| !matches!(error, AppError::Field { .. })).map(|error| error.sentence());
    view! {
        <div class="dialog-body">
            <ActionForm action=invite attr:class="form" attr:id=FORM>
                <AssessmentSelect desk/>
                <Field id="invite-name" label="Candidate's name" error=name>
                    <input class="input" id="invite-name" name="name" maxlength="120" required autocomplete="off"
                        aria-describedby=described_by("invite-name") aria-invalid=is_invalid(name)/>
                </Field>
                <Field id="invite-email" label="Email (optional)" error=email
                    hint="So that you can find the session by it. InterviewLM sends no mail: you send the link yourself.">
                    <input class="input" id="invite-email" name="email" type="email" maxlength="320" autocomplete="off"
                        aria-describedby=described_by("invite-email") aria-invalid=is_invalid(email)/>
                </Field>
                <p class="field-error" role="alert">{general}</p>
            </ActionForm>
        </div>
        <footer class="dialog-footer">
            <button class="button" type="button" on:click=move |_| desk.inviting.set(None)>"Cancel"</button>
            <button class="button button-primary" type="submit" form=FORM
                aria-busy=move || invite.pending().get().to_string()>
                "Create link"
            </button>
        </footer>
    }
}

#[component]
fn AssessmentSelect(
    /// The desk with the assessments.
    desk: Desk,
) -> impl IntoView {
    let select = NodeRef::<Select>::new();
    Effect::new(move |_| {
        if let Some(select) = select.get() {
            let _ = select.focus();
        }
    });
    let wanted = desk.inviting.get_untracked().unwrap_or_default();
    let options = desk.known.get_untracked().assessments.into_iter().map(|row| {
        let is_wanted = row.id == wanted;
        view! { <option value=row.id selected=is_wanted>{row.title}</option> }
    });
    view! {
        <div class="field">
            <label class="field-label" for="invite-assessment">"Assessment"</label>
            <select class="select" id="invite-assessment" name="assessment" required node_ref=select>
                {options.collect_view()}
            </select>
        </div>
    }
}

#[component]
fn Invited(
    /// The invitation.
    made: NewInvitation,
    /// What made it, for the next one.
    invite: ServerAction<Invite>,
    /// The desk it belongs to.
    desk: Desk,
) -> impl IntoView {
    view! {
        <div class="dialog-body">
            <p>{format!("Send this link to {}. Whoever opens it first can start the interview, once.", made.name)}</p>
            <CopyField id="invite-link" label="Link" button="Copy link" text=made.url/>
            <p class="field-hint">
                "It can be started until " <Moment at=made.expires_at/>
                " (UTC). It is shown only now: InterviewLM keeps no copy of it."
            </p>
        </div>
        <footer class="dialog-footer">
            <button class="button" type="button" on:click=move |_| invite.clear()>"Invite another"</button>
            <button class="button" type="button" on:click=move |_| desk.inviting.set(None)>"Done"</button>
        </footer>
    }
}
