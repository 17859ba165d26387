//! Whether the page has come alive: what needs a script waits for it instead of doing nothing.

use leptos::prelude::*;

/// False on the server and until the browser has taken the page over, then true.
pub fn is_alive() -> ReadSignal<bool> {
    let (alive, set_alive) = signal(false);
    Effect::new(move |_| set_alive.set(true));
    alive
}
