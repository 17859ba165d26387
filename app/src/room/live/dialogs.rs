//! The room's dialogs: submit, next question, delete, restart, keys.

use interview::FilePath;
use interview::wire::ClientMessage;
use leptos::prelude::*;

use crate::ui::dialog::Dialog;

use super::keys::KEYS;
use super::room::Room;
use super::seen::Asked;

/// All of them; at most one shows.
#[component]
pub fn Dialogs() -> impl IntoView {
    let room = expect_context::<Room>();
    let seen = room.seen;
    let shows = move |is_it: fn(&Asked) -> bool| {
        Signal::derive(move || seen.asked.with(|asked| asked.as_ref().is_some_and(is_it)))
    };
    let on_close = Callback::new(move |()| {
        seen.asked.set(None);
        room.keep_working();
    });
    let deleted = move || match seen.asked.get() {
        Some(Asked::Delete(files, name)) => Some((files, name)),
        Some(Asked::Submit | Asked::NextQuestion | Asked::Restart | Asked::Keys) | None => None,
    };
    let delete_title = Signal::derive(move || deleted().map(|(_, name)| format!("Delete {name}?")).unwrap_or_default());
    view! {
        <Dialog id="submit" title="Submit interview?" open=shows(|asked| *asked == Asked::Submit) on_close>
            <SubmitDialog/>
        </Dialog>
        <Dialog id="next" title="Go to the next question?" open=shows(|asked| *asked == Asked::NextQuestion) on_close>
            <NextDialog/>
        </Dialog>
        <Dialog id="delete" title=delete_title open=shows(|asked| matches!(asked, Asked::Delete(..))) on_close>
            {move || deleted().map(|(files, name)| view! { <DeleteDialog files name/> })}
        </Dialog>
        <Dialog id="restart" title="Restart the sandbox?" open=shows(|asked| *asked == Asked::Restart) on_close>
            <div class="dialog-body">
                <p>
                    "Programs that are running end, and what they keep outside your files is gone. Your files stay as they \
                     are, and a new shell starts."
                </p>
            </div>
            <footer class="dialog-footer">
                <form method="dialog"><button class="button" autofocus>"Keep it"</button></form>
                <button class="button button-primary" on:click=move |_| room.restart_sandbox()>"Restart sandbox"</button>
            </footer>
        </Dialog>
        <Dialog id="keys" title="Keyboard shortcuts" open=shows(|asked| *asked == Asked::Keys) on_close>
            <div class="dialog-body">
                <dl class="shortcuts">
                    {KEYS.map(|(what, keys)| view! {
                        <div><dt>{what}</dt><dd>{keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view()}</dd></div>
                    })}
                </dl>
                <p class="field-hint">"On a Mac, ⌘ works in the place of Ctrl."</p>
            </div>
        </Dialog>
    }
}

/// What is not finished, as sentences.
fn unfinished(room: Room, leaving: &ClientMessage) -> Vec<String> {
    let seen = room.seen;
    let mut list = Vec::new();
    let last = seen
        .runs
        .with(|runs| runs.iter().rev().find_map(|run| run.counted().map(|counted| (counted, run.requested_at))));
    let edited_since = |at| room.held().stage.borrow().editor.changed_at().is_some_and(|edited| edited > at);
    match last {
        None => list.push("You have not run the tests for this question.".to_owned()),
        Some(((passed, failed), _)) if failed > 0 => {
            list.push(format!("{passed} of {} cases passed in your last run.", passed + failed));
        }
        Some((_, at)) if edited_since(at) => list.push("All cases passed, but you changed the code since.".to_owned()),
        Some(_) => {}
    }
    let number = seen.question.with(|question| question.as_ref().map_or(0, |question| question.order + 1));
    let count = seen.card.with(|card| card.as_ref().map_or(0, |card| card.questions));
    match count.saturating_sub(number) {
        0 => {}
        _ if *leaving == ClientMessage::NextQuestion => {}
        1 => list.push("One more question is left. You cannot come back to it.".to_owned()),
        left => list.push(format!("{left} more questions are left. You cannot come back to them.")),
    }
    let waiting = seen.waiting.get();
    if waiting > 0 {
        list.push(format!("{waiting} changes are still on their way; they are sent first."));
    }
    list
}

#[component]
fn Unfinished(leaving: ClientMessage) -> impl IntoView {
    let room = expect_context::<Room>();
    let list = Memo::new(move |_| unfinished(room, &leaving));
    view! {
        <Show
            when=move || list.with(|list| !list.is_empty())
            fallback=|| view! { <p>"All cases passed in your last run."</p> }
        >
            <div class="markdown">
                <ul>{move || list.get().into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
            </div>
        </Show>
    }
}

#[component]
fn SubmitDialog() -> impl IntoView {
    let room = expect_context::<Room>();
    let is_closing = room.seen.is_closing;
    view! {
        <div class="dialog-body">
            <p>"Your files are handed in as they are now, and tested a last time. You cannot change anything after that."</p>
            <Unfinished leaving=ClientMessage::Submit/>
            <Progress/>
        </div>
        <footer class="dialog-footer">
            <form method="dialog"><button class="button" autofocus>"Keep working"</button></form>
            <button
                class="button button-primary"
                disabled=move || is_closing.get()
                aria-busy=move || is_closing.get().to_string()
                on:click=move |_| room.submit()
            >
                {move || if is_closing.get() { "Submitting…" } else { "Submit now" }}
            </button>
        </footer>
    }
}

#[component]
fn NextDialog() -> impl IntoView {
    let room = expect_context::<Room>();
    let is_closing = room.seen.is_closing;
    view! {
        <div class="dialog-body">
            <p>"Your files for this question are handed in as they are now. You cannot come back to it."</p>
            <Unfinished leaving=ClientMessage::NextQuestion/>
            <Progress/>
        </div>
        <footer class="dialog-footer">
            <form method="dialog"><button class="button" autofocus>"Keep working"</button></form>
            <button class="button button-primary" disabled=move || is_closing.get() on:click=move |_| room.next_question()>
                {move || if is_closing.get() { "One moment…" } else { "Next question" }}
            </button>
        </footer>
    }
}

/// How far the closing is.
#[component]
fn Progress() -> impl IntoView {
    let seen = expect_context::<Room>().seen;
    let words = move || match (seen.is_closing.get(), seen.waiting.get(), seen.is_connected()) {
        (false, _, _) => None,
        (true, _, false) => Some("Waiting for the connection. Everything is kept here until then.".to_owned()),
        (true, 0, true) => Some("Everything is saved; handing in…".to_owned()),
        (true, count, true) => Some(format!("Sending the last {count} changes…")),
    };
    let is_quiet = move || !seen.is_closing.get();
    view! { <p role="status" class="field-hint" class:visually-hidden=is_quiet>{words}</p> }
}

#[component]
fn DeleteDialog(files: Vec<FilePath>, name: String) -> impl IntoView {
    let room = expect_context::<Room>();
    let count = files.len();
    let text = match count {
        1 => format!("{name} and its text go away. The recording keeps what was in it."),
        _ => format!("{name} and the {count} files in it go away. The recording keeps what was in them."),
    };
    let delete = move |_| {
        room.seen.asked.set(None);
        files.iter().for_each(|path| room.delete_file(path.clone()));
    };
    view! {
        <div class="dialog-body"><p>{text}</p></div>
        <footer class="dialog-footer">
            <form method="dialog"><button class="button" autofocus>"Keep it"</button></form>
            <button class="button button-danger" on:click=delete>"Delete"</button>
        </footer>
    }
}
