//! The moments worth jumping to, as a list that can be searched.

use interview::Seq;
use interview::playhead::Command;
use interview::replay::Moment;
use leptos::html;
use leptos::prelude::*;

use super::player::Player;
use crate::replay::words::clock;

/// Where the search field is found, for the key that leads to it.
pub const SEARCH_ID: &str = "moment-search";

/// The panel.
#[component]
pub fn MomentsPanel(
    /// The replay.
    player: Player,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let list = NodeRef::<html::Ol>::new();
    let found = Memo::new(move |_| {
        player.with_index(|index| query.with(|query| matching(query, &index.moments, |query| index.search(query))))
    });
    let current = Memo::new(move |_| {
        let at = player.playhead.with(|playhead| playhead.at);
        player.with_index(|index| index.moment_until(at).map(|moment| moment.seq))
    });
    Effect::new(move || {
        current.track();
        request_animation_frame(move || {
            let item = list.get_untracked().and_then(|list| list.query_selector("[aria-current=true]").ok().flatten());
            if let Some(item) = item {
                keep_in_sight(&item);
            }
        });
    });
    view! {
        <section class="panel" aria-label="Moments">
            <header class="panel-header"><h2 class="panel-title">"Moments"</h2></header>
            <div class="replay-search">
                <input
                    class="input input-small"
                    type="search"
                    id=SEARCH_ID
                    aria-label="Search moments"
                    placeholder="Search (/)"
                    on:input=move |event| query.set(event_target_value(&event))
                    on:keydown=move |event| {
                        if event.key() == "Enter"
                            && let Some((_, first)) = found.with_untracked(|found| found.first().cloned())
                        {
                            player.command(Command::Seek(first.at));
                        }
                    }
                />
            </div>
            <Show when=move || found.with(Vec::is_empty)>
                <p class="empty">{move || if query.with(String::is_empty) { "Nothing worth a mark happened." } else { "No moment says that." }}</p>
            </Show>
            <ol class="moment-list" node_ref=list>
                <For each=move || found.get() key=|(row, moment)| (*row, moment.seq) let((_, moment))>
                    <MomentRow player moment current/>
                </For>
            </ol>
        </section>
    }
}

fn matching<'a>(query: &str, all: &'a [Moment], search: impl FnOnce(&str) -> Vec<&'a Moment>) -> Vec<(usize, Moment)> {
    let found: Vec<&Moment> = if query.trim().is_empty() { all.iter().collect() } else { search(query) };
    found.into_iter().cloned().enumerate().collect()
}

#[component]
fn MomentRow(
    /// The replay.
    player: Player,
    /// The moment.
    moment: Moment,
    /// The last moment at or before the playhead.
    current: Memo<Option<Seq>>,
) -> impl IntoView {
    let (at, seq) = (moment.at, moment.seq);
    let is_current = move || (current.get() == Some(seq)).then_some("true");
    let title = moment.label.clone();
    view! {
        <li>
            <button
                class="moment-row"
                aria-current=is_current
                title=title
                on:click=move |_| player.command(Command::Seek(at))
            >
                <time class="numeric">{clock(at)}</time>
                <span>{moment.label}</span>
            </button>
        </li>
    }
}

/// Scrolls the list, and nothing else, so far that the item is in sight.
fn keep_in_sight(item: &web_sys::Element) {
    let Ok(Some(list)) = item.closest(".moment-list") else { return };
    let (item, frame) = (item.get_bounding_client_rect(), list.get_bounding_client_rect());
    let above = frame.top() - item.top();
    let below = item.bottom() - frame.bottom();
    let by = if above > 0.0 { -above } else { below.max(0.0) };
    list.set_scroll_top(list.scroll_top() + by as i32);
}
