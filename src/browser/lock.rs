//! One at a time: in this page, and, where the browser has Web Locks, in all
//! of its tabs.

use std::cell::RefCell;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::task::to_its_end;

#[wasm_bindgen(module = "/pkg-template/platform.js")]
extern "C" {
    fn lock(name: &str, wait: bool) -> Promise;
    #[wasm_bindgen(js_name = heldLocks)]
    fn held_locks() -> Promise;
}

/// A Web Lock, or the place of one where the browser has none; dropping it
/// gives it back.
pub struct Lock(Option<Function>);

impl Lock {
    /// Waits for its turn.
    pub async fn wait(name: String) -> Lock {
        let asked = ask(name, true).await;
        asked.unwrap_or(Lock(None))
    }
}

/// `None` while somebody else holds it.
async fn ask(name: String, wait: bool) -> Option<Lock> {
    // Granted to somebody who has left in the meantime, it would be held for
    // as long as the page lives.
    let answer = to_its_end(async move {
        let answer = JsFuture::from(lock(&name, wait)).await.unwrap_or_default();
        (!answer.is_null()).then(|| Lock(answer.dyn_into().ok()))
    });
    answer.await
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = &self.0 {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

thread_local! {
    /// What this page has claimed, whichever client did.
    static CLAIMED: RefCell<Vec<String>> = RefCell::default();
}

/// The right to send one recording; dropping it gives it back.
pub struct Claim {
    id: String,
    _lock: Lock,
}

impl Claim {
    /// Claims the recording `id`; `None` while it is being sent, here or in
    /// another tab.
    pub async fn take(id: &str) -> Option<Claim> {
        let is_free = CLAIMED.with_borrow_mut(|claimed| {
            let is_free = !claimed.iter().any(|other| other == id);
            if is_free {
                claimed.push(id.to_owned());
            }
            is_free
        });
        if !is_free {
            return None;
        }
        let mut claim = Claim {
            id: id.to_owned(),
            _lock: Lock(None),
        };
        claim._lock = ask(name_of(id), false).await?;
        Some(claim)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        CLAIMED.with_borrow_mut(|claimed| claimed.retain(|id| *id != self.id));
    }
}

/// Knows which recordings are being sent.
pub struct Claims(Vec<String>);

impl Claims {
    /// As it is now.
    pub async fn look() -> Self {
        let held = JsFuture::from(held_locks()).await.unwrap_or_default();
        let mut names: Vec<String> = held
            .dyn_ref::<Array>()
            .map(|names| names.iter().filter_map(|name| name.as_string()).collect())
            .unwrap_or_default();
        CLAIMED.with_borrow(|claimed| names.extend(claimed.iter().map(|id| name_of(id))));
        Claims(names)
    }

    /// Whether the recording `id` is claimed.
    pub fn hold(&self, id: &str) -> bool {
        let name = name_of(id);
        self.0.contains(&name)
    }
}

fn name_of(id: &str) -> String {
    format!("thetaone-web outbox {id}")
}
