//! The room before it is alive: its layout with nothing in it, and what stands in its place when there is no room.

use leptos::prelude::*;

/// The room's layout, empty, so that nothing jumps when the room comes.
#[component]
pub fn Frame() -> impl IntoView {
    view! {
        <div class="room" aria-busy="true" data-files="shown" data-terminal="shown">
            <header class="room-header">
                <span class="brand">"InterviewLM"</span>
                <span class="visually-hidden" role="status">"The room is being opened"</span>
            </header>
            <main class="room-body" id="main">
                <section class="panel room-files" aria-label="Files"><Lines/></section>
                <div class="splitter" aria-hidden="true" aria-orientation="vertical"></div>
                <div class="room-center">
                    <section class="panel room-editor" aria-label="Editor"><Lines/></section>
                    <div class="splitter" aria-hidden="true" aria-orientation="horizontal"></div>
                    <section class="panel room-terminal" aria-label="Terminal"></section>
                </div>
                <div class="splitter" aria-hidden="true" aria-orientation="vertical"></div>
                <section class="panel room-side" aria-label="Panel"><Lines/></section>
            </main>
        </div>
        <TooSmall/>
    }
}

/// Lines that hold the place of what is coming.
#[component]
pub fn Lines() -> impl IntoView {
    let widths = ["40%", "72%", "58%", "66%", "30%"];
    view! {
        <div class="panel-padded" aria-hidden="true">
            {widths.map(|width| view! { <div class="skeleton skeleton-line" style=format!("inline-size:{width}")></div> })}
        </div>
    }
}

/// What a small window shows in the room's place.
#[component]
pub fn TooSmall() -> impl IntoView {
    view! {
        <main class="room-too-small">
            <h1>"This room needs a larger window"</h1>
            <p>
                "You work here with an editor, a terminal and tests side by side. Please make the window at least 900 pixels \
                 wide, or come back on a computer. The clock keeps running, and everything so far is safe."
            </p>
        </main>
    }
}

/// A page that says one thing.
#[component]
pub fn Notice(
    /// What it is.
    #[prop(into)]
    title: String,
    /// What to do.
    #[prop(into)]
    text: String,
    /// What can be done right here.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="page-center">
            <header><a class="brand" href="/">"InterviewLM"</a></header>
            <main class="sheet" id="main">
                <h1>{title}</h1>
                <p class="lede">{text}</p>
                {children.map(|children| children())}
            </main>
        </div>
    }
}
