//! The terminal's panel: xterm.js, and what there is to say when no shell is behind it.

mod find;

use std::time::Duration;

use interview::editor::PastedFrom;
use interview::session::Capture;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use crate::js::editor::Access;
use crate::js::page::Timer;
use crate::js::terminal::Terminal;
use crate::shell::error::sentence;

use super::room::Room;
use super::seen::{Asked, Connection, Shell};
use find::{Find, FindStrip};

/// An outage that is shorter goes without a word.
const WORTH_A_WORD: Duration = Duration::from_secs(1);

/// The panel.
#[component]
pub fn TerminalPanel() -> impl IntoView {
    let room = expect_context::<Room>();
    let seen = room.seen;
    let is_off = Memo::new(move |_| seen.is_known() && !seen.captures(Capture::Terminal));
    let is_on = Memo::new(move |_| seen.is_known() && seen.captures(Capture::Terminal));
    let find = Find::new();
    let press = move |event: ev::KeyboardEvent| {
        if is_on.get_untracked() {
            find.press(&event);
        }
    };
    view! {
        <section class="panel room-terminal" aria-label="Terminal" on:keydown=press>
            <header class="panel-header">
                <h2 class="panel-title">"Terminal"</h2>
                <div class="button-row">
                    <Show when=move || is_on.get()>
                        <button
                            class="button button-quiet button-small"
                            title="End what runs in the sandbox and begin with a new one"
                            disabled=move || seen.connection.get() != Connection::Connected
                            on:click=move |_| seen.asked.set(Some(Asked::Restart))
                        >
                            "Restart sandbox"
                        </button>
                    </Show>
                    <button
                        class="button button-quiet button-icon button-small"
                        aria-label="Hide the terminal"
                        title="Hide the terminal (Ctrl+J)"
                        on:click=move |_| seen.terminal_shown.set(false)
                    >
                        "×"
                    </button>
                </div>
            </header>
            <Show when=move || is_off.get()>
                <div class="empty">
                    <h3>"The terminal is off"</h3>
                    <p>"You did not agree to have it recorded, so this interview goes without. Everything else works as ever."</p>
                </div>
            </Show>
            <Show when=move || is_on.get()>
                <Strips/>
                <FindStrip find/>
                <Screen/>
            </Show>
        </section>
    }
}

#[component]
fn Strips() -> impl IntoView {
    let room = expect_context::<Room>();
    let seen = room.seen;
    // A line that is back at once is not worth moving the terminal for.
    let is_down = RwSignal::new(false);
    Effect::new(move || match seen.connection.get() {
        Connection::Offline => is_down.set(true),
        Connection::Reconnecting => set_timeout(
            move || {
                let is_still = seen.connection.try_get_untracked() == Some(Connection::Reconnecting);
                is_down.try_update(|is_down| *is_down |= is_still);
            },
            WORTH_A_WORD,
        ),
        Connection::Opening | Connection::Connected | Connection::Elsewhere => is_down.set(false),
    });
    let is_ended = move || seen.shell.get() == Shell::Ended && !is_down.get();
    view! {
        <Show when=move || is_down.get()>
            <div class="callout callout-warning callout-strip" role="status">
                <p>"The terminal needs the connection; what you type in the editor is kept."</p>
            </div>
        </Show>
        <Show when=is_ended>
            <div class="callout callout-strip" role="status">
                <p>"The shell ended."</p>
                <button class="button button-small" on:click=move |_| room.start_shell()>"Start a new shell"</button>
            </div>
        </Show>
        <Show when=move || seen.terminal_sorry.with(Option::is_some)><Notice/></Show>
    }
}

/// What the server has to say about the sandbox. Without any shell it says why none started.
#[component]
fn Notice() -> impl IntoView {
    let room = expect_context::<Room>();
    let seen = room.seen;
    let has_failed = Memo::new(move |_| seen.shell.get() == Shell::NotYet);
    let class = move || match has_failed.get() {
        true => "callout callout-bad callout-strip",
        false => "callout callout-warning callout-strip",
    };
    let answer = move |_| match has_failed.get_untracked() {
        true => room.start_shell(),
        false => seen.terminal_sorry.set(None),
    };
    view! {
        <div class=class role="alert">
            <p>{move || seen.terminal_sorry.get().map(|reason| sentence(&reason))}</p>
            <button class="button button-small" on:click=answer>
                {move || if has_failed.get() { "Try again" } else { "Dismiss" }}
            </button>
        </div>
    }
}

#[component]
fn Screen() -> impl IntoView {
    let room = expect_context::<Room>();
    let host = NodeRef::<html::Div>::new();
    let failure = RwSignal::new(None::<String>);
    Effect::new(move || {
        let Some(host) = host.get() else { return };
        leptos::task::spawn_local(async move {
            match Terminal::create(&host, "Terminal", Access::Write).await {
                Ok(terminal) => attach(room, terminal),
                Err(error) => drop(failure.try_set(Some(error.to_string()))),
            }
        });
    });
    view! {
        {move || failure.get().map(|reason| view! {
            <div class="callout callout-bad" role="alert">
                <p>"The terminal could not be loaded: "{reason}". Your work is safe; please reload the page."</p>
            </div>
        })}
        <div class="terminal-host" node_ref=host></div>
    }
}

/// Connects a new terminal with the room.
fn attach(room: Room, terminal: Terminal) {
    terminal.on_input(move |data| room.type_keys(data));
    terminal.on_resize(move |size| room.terminal_resized(size));
    terminal.on_copy(move |text| room.note_copy(PastedFrom::Terminal, &text));
    *room.held().terminal.borrow_mut() = Some(terminal);
    room.show_terminal();
}

impl Room {
    /// Draws the screen as the server has it, fits it to the window, and starts the shell where none has been.
    pub fn show_terminal(self) {
        let (Some(terminal), held) = (self.terminal(), self.held()) else { return };
        terminal.restore(&held.stage.borrow().terminal.dump());
        terminal.write_then("", move || Timer::next_frame(move || self.fit_terminal()));
    }

    /// Fits the terminal to its place, and tells the server its size.
    pub fn fit_terminal(self) {
        if let Some(terminal) = self.terminal() {
            terminal.fit();
            self.terminal_resized(terminal.size());
        }
    }
}
