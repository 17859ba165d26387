//! Parts of the browser's program that only their own page fetches: in a release the room and the replay are files of
//! their own, and everybody else is spared them.

use std::pin::Pin;

use leptos::prelude::*;

/// Why a part is not here.
#[derive(Clone, Copy, Debug)]
pub struct Unfetched;

#[cfg(feature = "split")]
impl From<leptos::wasm_split::SplitLoaderError> for Unfetched {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// A part on its way.
pub type Fetching<T> = Pin<Box<dyn Future<Output = Result<T, Unfetched>>>>;

/// Lets the browser fetch a part while it still reads the page, where the build is split.
pub fn prefetch(part: &'static str) {
    #[cfg(feature = "ssr")]
    leptos::prefetch_lazy_fn_on_server(part);
    #[cfg(not(feature = "ssr"))]
    let _ = part;
}

#[derive(Clone, Copy)]
enum State<T> {
    OnItsWay,
    Here(T),
    Missing,
}

/// Shows the frame that the server rendered until the part is here; a part that cannot be fetched is said so, and asked
/// for again when the visitor likes.
#[component]
pub fn Part<T: Copy + Send + Sync + 'static>(
    /// Fetches it.
    fetch: fn() -> Fetching<T>,
    /// What stands there meanwhile.
    frame: Callback<(), AnyView>,
    /// Shows it.
    show: Callback<T, AnyView>,
) -> impl IntoView {
    let state = RwSignal::new(State::OnItsWay);
    let ask = move || {
        state.set(State::OnItsWay);
        leptos::task::spawn_local(async move {
            let fetched = fetch().await;
            state.try_set(fetched.map_or(State::Missing, State::Here));
        });
    };
    Effect::new(ask);
    move || match state.get() {
        State::OnItsWay => frame.run(()),
        State::Here(part) => show.run(part),
        State::Missing => view! {
            <div class="page-center">
                <header><a class="brand" href="/">"InterviewLM"</a></header>
                <main class="sheet" id="main">
                    <div role="alert">
                        <h1>"This page did not arrive whole"</h1>
                        <p class="lede">"The connection broke while it was loading. Nothing is lost."</p>
                    </div>
                    <button class="button button-primary" type="button" on:click=move |_| ask()>"Try again"</button>
                </main>
            </div>
        }
        .into_any(),
    }
}
