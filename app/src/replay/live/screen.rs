//! The terminal at the playhead: what the shell printed when playing on, the screen redrawn after a jump.

use interview::Fact;
use interview::fact::TerminalFact;
use interview::replay::Moved;
use leptos::html;
use leptos::prelude::*;

use super::player::{Drawn, Player};
use super::seen::Seen;
use crate::js::editor::Access;
use crate::js::terminal::Terminal;

/// The panel.
#[component]
pub fn TerminalPanel(
    /// The replay.
    player: Player,
    /// What it shows.
    seen: Seen,
) -> impl IntoView {
    let host = NodeRef::<html::Div>::new();
    let failed = RwSignal::new(false);
    let owner = Owner::current();
    Effect::new(move || {
        let (Some(host), Some(owner)) = (host.get(), owner.clone()) else { return };
        leptos::task::spawn_local(async move {
            match Terminal::create(&host, "Terminal", Access::Read).await {
                Ok(terminal) if failed.try_set(false).is_none() => owner.with(|| connect(player, terminal)),
                Ok(terminal) => terminal.dispose(),
                Err(_) => drop(failed.try_set(true)),
            }
        });
    });
    let shell = move || if seen.presence.get().shell { "" } else { "No shell was running" };
    view! {
        <section class="panel" aria-label="Terminal">
            <header class="panel-header">
                <h2 class="panel-title">"Terminal"</h2>
                <span class="replay-path">{shell}</span>
            </header>
            <div class="panel-body panel-flush">
                <Show when=move || failed.get()>
                    <p class="empty" role="alert">"The terminal could not be loaded. Reload the page to try again."</p>
                </Show>
                <div class="terminal-host" node_ref=host></div>
            </div>
        </section>
    }
}

/// Connects the terminal to the replay for as long as the page is there.
fn connect(player: Player, terminal: Terminal) {
    let drawing = terminal.clone();
    player.watch(move |drawn| draw(&drawing, drawn));
    let terminal = StoredValue::new_local(terminal);
    on_cleanup(move || {
        terminal.try_with_value(Terminal::dispose);
    });
}

fn draw(terminal: &Terminal, drawn: &Drawn<'_>) {
    let Moved::On(events) = drawn.moved else { return terminal.restore(&drawn.stage.terminal.dump()) };
    let mut printed = String::new();
    for event in events {
        match &event.fact {
            Fact::Terminal(TerminalFact::Printed(bytes)) => printed.push_str(&bytes.data),
            // A new size takes effect at once, so that what was printed before has to be drawn first.
            Fact::Terminal(TerminalFact::Opened(_) | TerminalFact::Resized(_)) => {
                return terminal.restore(&drawn.stage.terminal.dump());
            }
            Fact::Terminal(TerminalFact::Typed(_) | TerminalFact::Closed(_)) => {}
            Fact::Session(_) | Fact::Question(_) | Fact::Editor(_) | Fact::Chat(_) | Fact::Run(_) => {}
        }
    }
    if !printed.is_empty() {
        terminal.write(&printed);
    }
}
