//! Any two moments beside each other, file by file.

use std::collections::BTreeSet;

use interview::{FilePath, Offset, Stage};
use leptos::html;
use leptos::prelude::*;

use super::player::Player;
use crate::js::editor::{Diff, Layout};
use crate::replay::words::clock;
use crate::ui::dialog::Dialog;

/// The dialog.
#[component]
pub fn CompareDialog(
    /// The replay.
    player: Player,
    /// Whether it shows.
    open: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <Dialog
            id="compare"
            class="dialog dialog-wide"
            title="Compare two moments"
            open
            on_close=Callback::new(move |()| open.set(false))
        >
            <Comparison player/>
        </Dialog>
    }
}

/// The texts of one file at both moments.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pair {
    path: String,
    before: String,
    after: String,
}

#[component]
fn Comparison(
    /// The replay.
    player: Player,
) -> impl IntoView {
    let now = player.playhead.with_untracked(|playhead| playhead.at);
    let earlier = player.with_index(|index| index.moment_before(now).map_or(Offset(0), |moment| moment.at));
    let (from, to) = (RwSignal::new(earlier), RwSignal::new(now));
    let pairs = RwSignal::new(None::<Vec<Pair>>);
    let chosen = RwSignal::new(None::<String>);
    let chosen_moments = move || {
        let now = |moment: RwSignal<Offset>| moment.try_get_untracked().unwrap_or_default();
        (now(from), now(to))
    };
    Effect::new(move || {
        let (from, to) = (from.get(), to.get());
        leptos::task::spawn_local(async move {
            let before = player.ask(|replay| replay.stage_at(from)).await;
            let after = player.ask(|replay| replay.stage_at(to)).await;
            // Meanwhile other moments may have been chosen, and theirs may be here already.
            let is_asked = (from, to) == chosen_moments();
            if let (true, Some(before), Some(after)) = (is_asked, before, after) {
                pairs.try_set(Some(differing(&before, &after)));
            }
        });
    });
    let pair = Memo::new(move |_| {
        pairs.with(|pairs| {
            let pairs = pairs.as_ref()?;
            let chosen = chosen.get();
            pairs.iter().find(|pair| Some(&pair.path) == chosen.as_ref()).or(pairs.first()).cloned()
        })
    });
    let paths = move || pairs.with(|pairs| pairs.iter().flatten().map(|pair| pair.path.clone()).collect::<Vec<_>>());
    let note = move || match pairs.with(|pairs| pairs.as_ref().map(Vec::len)) {
        None => "Loading both moments…",
        Some(0) => "All files are the same at both moments.",
        Some(_) => "",
    };
    view! {
        <div class="dialog-body compare">
            <div class="field-row">
                <MomentChoice player label="Before" id="compare-before" here=now chosen=from/>
                <MomentChoice player label="After" id="compare-after" here=now chosen=to/>
                <div class="field">
                    <label class="field-label" for="compare-file">"File"</label>
                    <select class="select" id="compare-file" on:change=move |event| chosen.set(Some(event_target_value(&event)))>
                        {move || paths().into_iter().map(|path| {
                            let is_shown = pair.with(|pair| pair.as_ref().is_some_and(|pair| pair.path == path));
                            view! { <option value=path.clone() selected=is_shown>{path.clone()}</option> }
                        }).collect_view()}
                    </select>
                </div>
            </div>
            <p role="status">{note}</p>
            <DiffView pair/>
        </div>
    }
}

/// The files that say something else, or are there at one of the moments only.
fn differing(before: &Stage, after: &Stage) -> Vec<Pair> {
    let paths: BTreeSet<_> = before.editor.files.keys().chain(after.editor.files.keys()).collect();
    let text = |stage: &Stage, path: &FilePath| stage.editor.file(path).map(|file| file.text.to_string());
    let pair = |path: &FilePath| {
        let (before, after) = (text(before, path), text(after, path));
        (before != after).then(|| Pair {
            path: path.as_str().to_owned(),
            before: before.unwrap_or_default(),
            after: after.unwrap_or_default(),
        })
    };
    paths.into_iter().filter_map(pair).collect()
}

#[component]
fn MomentChoice(
    /// The replay.
    player: Player,
    /// What is chosen.
    label: &'static str,
    /// The control's id.
    id: &'static str,
    /// Where the playhead stands.
    here: Offset,
    /// The moment chosen.
    chosen: RwSignal<Offset>,
) -> impl IntoView {
    let mut choices = vec![(Offset(0), "Start".to_owned()), (here, "Here".to_owned())];
    player.with_index(|index| {
        choices.extend(index.moments.iter().map(|moment| (moment.at, moment.label.clone())));
        choices.push((index.duration, "End".to_owned()));
    });
    choices.sort_by_key(|(at, _)| *at);
    choices.dedup_by_key(|(at, _)| *at);
    let choose = move |event| {
        if let Ok(millis) = event_target_value(&event).parse() {
            chosen.set(Offset(millis));
        }
    };
    let first = chosen.get_untracked();
    view! {
        <div class="field">
            <label class="field-label" for=id>{label}</label>
            <select class="select" id=id on:change=choose>
                {choices.into_iter().map(|(at, label)| view! {
                    <option value=at.0.to_string() selected=at == first>{format!("{} {label}", clock(at))}</option>
                }).collect_view()}
            </select>
        </div>
    }
}

#[component]
fn DiffView(
    /// What is compared.
    pair: Memo<Option<Pair>>,
) -> impl IntoView {
    let host = NodeRef::<html::Div>::new();
    let diff = RwSignal::new_local(None::<Diff>);
    Effect::new(move || {
        let Some(host) = host.get() else { return };
        leptos::task::spawn_local(async move {
            if let Ok(made) = Diff::create(&host, "Comparison", Layout::SideBySide).await
                && let Some(unused) = diff.try_set(Some(made))
            {
                unused.iter().for_each(Diff::dispose);
            }
        });
    });
    Effect::new(move || {
        diff.with(|diff| {
            let Some(diff) = diff else { return };
            let pair = pair.get();
            let texts = pair
                .as_ref()
                .map_or(("", "", ""), |pair| (pair.path.as_str(), pair.before.as_str(), pair.after.as_str()));
            diff.show(texts.0, texts.1, texts.2, "");
        });
    });
    on_cleanup(move || {
        diff.try_update(|diff| diff.take().iter().for_each(Diff::dispose));
    });
    view! { <div class="compare-host" node_ref=host hidden=move || pair.with(Option::is_none)></div> }
}
