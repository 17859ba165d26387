//! What the browser offers every page: its clock, timers, listeners. Whatever is started here stops when it is dropped.

use std::time::Duration;

use wasm_bindgen::prelude::{Closure, JsCast, JsValue};
use web_sys::EventTarget;

fn window() -> web_sys::Window {
    web_sys::window().expect("a page has a window")
}

/// Milliseconds on a clock that only goes forward.
pub fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// Milliseconds since 1970, as this computer believes.
pub fn wall_clock() -> f64 {
    js_sys::Date::now()
}

/// Random letters that nobody else has.
pub fn random_id() -> String {
    let mut bytes = [0_u8; 16];
    let drawn = window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    drawn.expect("every browser draws sixteen random bytes");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the browser believes to be connected.
pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// Goes to another page for good: back does not lead here again.
pub fn go_to(address: &str) {
    let _ = window().location().replace(address);
}

/// Loads this page anew.
pub fn reload() {
    let _ = window().location().reload();
}

/// This page's address with another scheme: `ws:` or `wss:`.
pub fn socket_address(path: &str) -> String {
    let location = window().location();
    let scheme = if location.protocol().is_ok_and(|protocol| protocol == "https:") { "wss" } else { "ws" };
    format!("{scheme}://{}{path}", location.host().unwrap_or_default())
}

/// Something that will happen, unless this is dropped first.
pub struct Timer {
    id: i32,
    repeats: bool,
}

impl Timer {
    /// Calls once, after so long.
    pub fn after(wait: Duration, call: impl FnOnce() + 'static) -> Self {
        let id = window().set_timeout_with_callback_and_timeout_and_arguments_0(
            Closure::once_into_js(call).unchecked_ref(),
            millis(wait),
        );
        Self { id: id.unwrap_or_default(), repeats: false }
    }

    /// Calls again and again, so far apart.
    pub fn every(pause: Duration, call: impl FnMut() + 'static) -> Self {
        let call = Closure::<dyn FnMut()>::new(call).into_js_value();
        let id = window().set_interval_with_callback_and_timeout_and_arguments_0(call.unchecked_ref(), millis(pause));
        Self { id: id.unwrap_or_default(), repeats: true }
    }

    /// Calls before the next frame is drawn.
    pub fn next_frame(call: impl FnOnce() + 'static) {
        let _ = window().request_animation_frame(Closure::once_into_js(call).unchecked_ref());
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        match self.repeats {
            true => window().clear_interval_with_handle(self.id),
            false => window().clear_timeout_with_handle(self.id),
        }
    }
}

fn millis(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX)
}

/// Somebody who listens to an event, until this is dropped.
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    call: JsValue,
}

impl Listener {
    /// Listens to an event of that target.
    pub fn on(target: &EventTarget, event: &'static str, call: impl FnMut(web_sys::Event) + 'static) -> Self {
        let call = Closure::<dyn FnMut(web_sys::Event)>::new(call).into_js_value();
        let _ = target.add_event_listener_with_callback(event, call.unchecked_ref());
        Self { target: target.clone(), event, call }
    }

    /// Listens to an event of the window.
    pub fn on_window(event: &'static str, call: impl FnMut(web_sys::Event) + 'static) -> Self {
        Self::on(&window(), event, call)
    }

    /// Listens to an event of the document.
    pub fn on_document(event: &'static str, call: impl FnMut(web_sys::Event) + 'static) -> Self {
        Self::on(&window().document().expect("a page has a document"), event, call)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.event, self.call.unchecked_ref());
    }
}
