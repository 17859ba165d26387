//! Making an assessment: which problems, in which languages, for how long, and with which assistant.

use interview::question::Language;
use interview::session::Capture;
use leptos::prelude::*;

use super::Desk;
use super::api::CreateAssessment;
use super::problems::{self, ProblemPicker};
use super::rows::AssessmentDraft;
use crate::shell::assistance::Assistance;
use crate::shell::captures;
use crate::shell::error::AppError;
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, FieldError, described_by, is_invalid};

/// The form's id, for the button outside it.
const FORM: &str = "compose-form";

/// Millionths of a dollar in a dollar.
const MICRO: f64 = 1_000_000.0;

/// The form as it is filled in.
#[derive(Clone, Copy)]
struct Form {
    title: RwSignal<String>,
    problems: RwSignal<Vec<String>>,
    languages: RwSignal<Vec<Language>>,
    minutes: RwSignal<String>,
    assistance: RwSignal<Assistance>,
    messages: RwSignal<String>,
    dollars: RwSignal<String>,
    required: RwSignal<Vec<Capture>>,
    fault: RwSignal<Option<AppError>>,
}

impl Form {
    fn new(languages: Vec<Language>) -> Self {
        Self {
            title: RwSignal::new(String::new()),
            problems: RwSignal::new(Vec::new()),
            languages: RwSignal::new(languages),
            minutes: RwSignal::new("60".to_owned()),
            assistance: RwSignal::new(Assistance::Propose),
            messages: RwSignal::new("40".to_owned()),
            dollars: RwSignal::new("2.00".to_owned()),
            required: RwSignal::new(vec![Capture::Editor, Capture::Terminal, Capture::Assistant]),
            fault: RwSignal::new(None),
        }
    }

    /// What is asked for, or what cannot be read as it was meant.
    fn draft(self) -> Result<AssessmentDraft, AppError> {
        Ok(AssessmentDraft {
            title: self.title.get_untracked(),
            problems: self.problems.get_untracked(),
            languages: self.languages.get_untracked(),
            minutes: number("minutes", &self.minutes.get_untracked())?,
            assistance: self.assistance.get_untracked(),
            budget_messages: number("budget_messages", &self.messages.get_untracked())?,
            budget_microusd: microdollars(&self.dollars.get_untracked())?,
            required_consents: self.required.get_untracked(),
        })
    }

    fn fault_of(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.fault.with(|fault| fault.as_ref().and_then(|fault| fault.of_field(field))))
    }
}

fn number(field: &str, text: &str) -> Result<u32, AppError> {
    let wrong = |_| AppError::Field { field: field.to_owned(), reason: "write a whole number".to_owned() };
    text.trim().parse().map_err(wrong)
}

/// An amount of dollars in millionths.
fn microdollars(text: &str) -> Result<u64, AppError> {
    let dollars = text.trim().parse::<f64>().ok().filter(|dollars| (0.0..=1_000_000.0).contains(dollars));
    let wrong =
        || AppError::Field { field: "budget_microusd".to_owned(), reason: "write an amount, like 2.50".to_owned() };
    dollars.map(|dollars| (dollars * MICRO).round() as u64).ok_or_else(wrong)
}

/// The dialog in which an assessment is made.
#[component]
pub fn ComposeDialog(
    /// The desk it belongs to.
    desk: Desk,
) -> impl IntoView {
    let close = Callback::new(move |()| desk.composing.set(false));
    view! {
        <Dialog id="new-assessment" title="New assessment".to_owned() open=desk.composing on_close=close>
            <Composing desk/>
        </Dialog>
    }
}

#[component]
fn Composing(
    /// The desk it belongs to.
    desk: Desk,
) -> impl IntoView {
    let form = Form::new(desk.known.with_untracked(|known| known.languages.clone()));
    let create = ServerAction::<CreateAssessment>::new();
    Effect::new(move |_| match create.value().get() {
        Some(Ok(())) => {
            desk.composing.set(false);
            desk.refresh();
        }
        Some(Err(error)) => form.fault.set(Some(error)),
        None => {}
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match form.draft() {
            Ok(draft) => {
                form.fault.set(None);
                create.dispatch(CreateAssessment { draft });
            }
            Err(error) => form.fault.set(Some(error)),
        }
    };
    view! {
        <div class="dialog-body">
            <form class="form" id=FORM on:submit=send novalidate>
                <Fields form desk/>
            </form>
        </div>
        <footer class="dialog-footer">
            <Reminder form/>
            <button class="button" type="button" on:click=move |_| desk.composing.set(false)>"Cancel"</button>
            <button class="button button-primary" type="submit" form=FORM
                aria-busy=move || create.pending().get().to_string()>
                "Create assessment"
            </button>
        </footer>
    }
}

/// Says beside the button that something above it is wrong; the form is longer than the dialog.
#[component]
fn Reminder(
    /// The form.
    form: Form,
) -> impl IntoView {
    let text = move || {
        form.fault.get().map(|fault| match fault {
            AppError::Field { .. } => "Something above needs a change.".to_owned(),
            AppError::SignInFirst
            | AppError::WrongPassword
            | AppError::TooManyAttempts
            | AppError::NotFound
            | AppError::Invalid(_)
            | AppError::Unavailable => fault.sentence(),
        })
    };
    view! { <p class="field-error" role="alert">{text}</p> }
}

#[component]
fn Fields(
    /// The form.
    form: Form,
    /// The desk with the problems.
    desk: Desk,
) -> impl IntoView {
    let (title, minutes) = (form.fault_of("title"), form.fault_of("minutes"));
    view! {
        <Field id="compose-title" label="Title" hint="Candidates see it." error=title>
            <input class="input" id="compose-title" maxlength="120" autocomplete="off" autofocus bind:value=form.title
                aria-describedby=described_by("compose-title") aria-invalid=is_invalid(title)/>
        </Field>
        <div class="field">
            <label class="field-label" for=problems::ID>"Problems"</label>
            <ProblemPicker problems=desk.known.get_untracked().problems chosen=form.problems/>
            <FieldError id=problems::ID error=form.fault_of("problems")/>
        </div>
        <fieldset class="field">
            <legend class="field-label">"Languages"</legend>
            <div class="check-row">
                {desk.known.get_untracked().languages.into_iter().map(|language| view! {
                    <Check label=language.title() value=language chosen=form.languages/>
                }).collect_view()}
            </div>
            <FieldError id="compose-languages" error=form.fault_of("languages")/>
        </fieldset>
        <Field id="compose-minutes" label="Minutes" hint="From 5 to 480, for all problems together." error=minutes>
            <input class="input" id="compose-minutes" inputmode="numeric" autocomplete="off" bind:value=form.minutes
                aria-describedby=described_by("compose-minutes") aria-invalid=is_invalid(minutes)/>
        </Field>
        <AssistanceChoice form/>
        <Show when=move || form.assistance.get() != Assistance::Off>
            <Budget form/>
        </Show>
        <fieldset class="field">
            <legend class="field-label">"Recordings without which there is no interview"</legend>
            <div class="check-row">
                {Capture::ALL.map(|capture| view! {
                    <Check label=captures::title(capture) value=capture chosen=form.required/>
                }).collect_view()}
            </div>
            <p class="field-hint">"Candidates may refuse the others, and are told what that means."</p>
            <FieldError id="compose-required" error=form.fault_of("required_consents")/>
        </fieldset>
    }
}

#[component]
fn AssistanceChoice(
    /// The form.
    form: Form,
) -> impl IntoView {
    let rows = Assistance::ALL.map(|assistance| {
        let id = format!("compose-assistant-{}", assistance.as_str());
        view! {
            <li>
                <label class="consent">
                    <input class="checkbox" type="radio" name="compose-assistant" value=assistance.as_str()
                        prop:checked=move || form.assistance.get() == assistance
                        aria-labelledby=id.clone() aria-describedby=format!("{id}-about")
                        on:change=move |_| form.assistance.set(assistance)/>
                    <span class="consent-text">
                        <strong id=id.clone()>{assistance.title()}</strong>
                        <span id=format!("{id}-about")>{assistance.for_reviewer()}</span>
                    </span>
                </label>
            </li>
        }
    });
    view! {
        <fieldset class="field">
            <legend class="field-label">"Assistant"</legend>
            <ul class="consents" role="list">{rows.collect_view()}</ul>
            <FieldError id="compose-assistant" error=form.fault_of("assistant")/>
        </fieldset>
    }
}

/// How much of the assistant a candidate may use.
#[component]
fn Budget(
    /// The form.
    form: Form,
) -> impl IntoView {
    let (messages, dollars) = (form.fault_of("budget_messages"), form.fault_of("budget_microusd"));
    view! {
        <div class="field-row">
            <Field id="compose-messages" label="Messages" hint="At most, to the assistant." error=messages>
                <input class="input" id="compose-messages" inputmode="numeric" autocomplete="off"
                    bind:value=form.messages
                    aria-describedby=described_by("compose-messages") aria-invalid=is_invalid(messages)/>
            </Field>
            <Field id="compose-dollars" label="Cost in US dollars" hint="At most, in one interview." error=dollars>
                <input class="input" id="compose-dollars" inputmode="decimal" autocomplete="off"
                    bind:value=form.dollars
                    aria-describedby=described_by("compose-dollars") aria-invalid=is_invalid(dollars)/>
            </Field>
        </div>
    }
}

/// A box that puts a value among the chosen ones.
#[component]
fn Check<T: Copy + PartialEq + Send + Sync + 'static>(
    /// What it is called.
    label: &'static str,
    /// What it stands for.
    value: T,
    /// What is chosen.
    chosen: RwSignal<Vec<T>>,
) -> impl IntoView {
    let toggle = move |_| {
        chosen.update(|chosen| match chosen.iter().position(|other| *other == value) {
            Some(place) => {
                chosen.remove(place);
            }
            None => chosen.push(value),
        });
    };
    view! {
        <label class="check">
            <input class="checkbox" type="checkbox" prop:checked=move || chosen.with(|chosen| chosen.contains(&value))
                on:change=toggle/>
            <span>{label}</span>
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_read_in_millionths() {
        assert_eq!(microdollars(" 2.50 "), Ok(2_500_000));
        assert_eq!(microdollars("0"), Ok(0));
    }

    #[test]
    fn what_is_no_amount_is_said_at_its_field() {
        for text in ["", "two", "-1", "NaN", "inf"] {
            let fault = microdollars(text).expect_err("this is no amount");
            assert!(fault.of_field("budget_microusd").is_some(), "{text:?}");
        }
    }
}
