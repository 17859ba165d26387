//! A line between two panels that can be moved: by the pointer, by arrow keys; a double click resets it.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;

/// Which side of its parent the panel lies on whose size the splitter sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// A panel on the left.
    Left,
    /// A panel on the right.
    Right,
    /// A panel at the bottom.
    Bottom,
}

/// The sizes that a panel may have, in percent of the splitter's parent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The smallest.
    pub least: f64,
    /// The one to start from.
    pub usual: f64,
    /// The largest.
    pub most: f64,
}

/// How far an arrow key moves.
const STEP: f64 = 2.0;

/// The line.
#[component]
pub fn Splitter(
    /// What it sets, for assistive technology: `Width of the files`.
    label: &'static str,
    /// Where the panel lies.
    side: Side,
    /// The panel's size in percent.
    size: RwSignal<f64>,
    /// What sizes there are.
    range: Range,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let set = move |percent: f64| size.set(percent.clamp(range.least, range.most));
    let dragging = RwSignal::new(false);
    let grab = move |event: ev::PointerEvent| {
        let Some(splitter) = node.get() else { return };
        event.prevent_default();
        let _ = splitter.set_pointer_capture(event.pointer_id());
        dragging.set(true);
        mark_page(true);
    };
    let drag = move |event: ev::PointerEvent| {
        let parent = node.get().and_then(|splitter| splitter.parent_element());
        if let (true, Some(parent)) = (dragging.get_untracked(), parent) {
            set(share(side, &parent.get_bounding_client_rect(), &event));
        }
    };
    let release = move |_: ev::PointerEvent| {
        dragging.set(false);
        mark_page(false);
    };
    let press = move |event: ev::KeyboardEvent| {
        let Some(percent) = moved(side, &event.key(), size.get_untracked(), range) else { return };
        event.prevent_default();
        set(percent);
    };
    view! {
        <div
            class="splitter"
            node_ref=node
            role="separator"
            tabindex="0"
            aria-label=label
            aria-orientation=if side == Side::Bottom { "horizontal" } else { "vertical" }
            aria-valuenow=move || format!("{:.0}", size.get())
            aria-valuemin=range.least.to_string()
            aria-valuemax=range.most.to_string()
            on:pointerdown=grab
            on:pointermove=drag
            on:pointerup=release
            on:pointercancel=release
            on:dblclick=move |_| set(range.usual)
            on:keydown=press
        ></div>
    }
}

/// The share of its parent that the panel has when the splitter is where the pointer is.
fn share(side: Side, parent: &web_sys::DomRect, pointer: &ev::PointerEvent) -> f64 {
    let (x, y) = (f64::from(pointer.client_x()), f64::from(pointer.client_y()));
    let part = match side {
        Side::Left => (x - parent.left()) / parent.width(),
        Side::Right => (parent.right() - x) / parent.width(),
        Side::Bottom => (parent.bottom() - y) / parent.height(),
    };
    part * 100.0
}

/// The size that a key asks for.
fn moved(side: Side, key: &str, size: f64, range: Range) -> Option<f64> {
    let (grows, shrinks) = match side {
        Side::Left => ("ArrowRight", "ArrowLeft"),
        Side::Right => ("ArrowLeft", "ArrowRight"),
        Side::Bottom => ("ArrowUp", "ArrowDown"),
    };
    match key {
        _ if key == grows => Some(size + STEP),
        _ if key == shrinks => Some(size - STEP),
        "Home" => Some(range.least),
        "End" => Some(range.most),
        _ => None,
    }
}

/// While a line is dragged, nothing else under the pointer reacts.
fn mark_page(splitting: bool) {
    if let Some(body) = document().body() {
        let _ = body.class_list().toggle_with_force("splitting", splitting);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_move_the_line_the_way_they_point() {
        let range = Range { least: 10.0, usual: 20.0, most: 50.0 };
        assert_eq!(moved(Side::Left, "ArrowRight", 20.0, range), Some(22.0));
        assert_eq!(moved(Side::Right, "ArrowRight", 20.0, range), Some(18.0));
        assert_eq!(moved(Side::Bottom, "ArrowUp", 20.0, range), Some(22.0));
        assert_eq!(moved(Side::Bottom, "End", 20.0, range), Some(50.0));
        assert_eq!(moved(Side::Bottom, "x", 20.0, range), None);
    }
}
