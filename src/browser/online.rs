//! Whether the device is online, as far as the browser knows.

use js_sys::Promise;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::EventTarget;

use super::property::{global, property};

/// Whether the browser says that it is offline. `true` is certain, `false` is
/// not: a network without internet counts as online.
pub fn is_offline() -> bool {
    property(&global("navigator"), "onLine") == JsValue::FALSE
}

/// Comes back when the browser is online again.
pub async fn online() {
    let mut listener = None;
    let event = Promise::new(&mut |resolve, _| {
        listener = Some(OnlineListener::new(Closure::once(move || {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        })));
    });
    let _ = JsFuture::from(event).await;
}

struct OnlineListener(Closure<dyn FnMut()>);

impl OnlineListener {
    fn new(callback: Closure<dyn FnMut()>) -> Self {
        let listener = OnlineListener(callback);
        let _ =
            here().add_event_listener_with_callback("online", listener.0.as_ref().unchecked_ref());
        listener
    }
}

impl Drop for OnlineListener {
    fn drop(&mut self) {
        let _ =
            here().remove_event_listener_with_callback("online", self.0.as_ref().unchecked_ref());
    }
}

fn here() -> EventTarget {
    js_sys::global().unchecked_into()
}
