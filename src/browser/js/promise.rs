//! Adapters between futures and promises.

use std::future::Future;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};
use web_sys::AbortController;

use crate::browser::error::Rejection;
use crate::browser::js::{BoxedFuture, JsResult};

/// Returns a promise that settles with the outcome of `work`.
pub(crate) fn into_promise(
    work: impl Future<Output = Result<JsValue, JsValue>> + 'static,
) -> Promise {
    let work: BoxedFuture<'static, Result<JsValue, JsValue>> = Box::pin(work);
    future_to_promise(work)
}

/// Awaits a promise of the package's JavaScript. `work` is called with an `AbortController`, which
/// is aborted if this future is dropped.
pub(crate) async fn await_js(
    work: impl FnOnce(&AbortController) -> Result<Promise, JsValue>,
) -> JsResult {
    let controller = AbortController::new().map_err(Rejection::from_js)?;
    let promise = work(&controller).map_err(Rejection::from_js)?;
    let abort_on_drop = AbortOnDrop::new(controller);
    let outcome = JsFuture::from(promise).await;
    abort_on_drop.release();
    outcome.map_err(Rejection::from_js)
}

/// A guard that aborts work in JavaScript when it is dropped, unless it is released before.
pub(crate) struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    /// Returns a guard for work that listens to the signal of `controller`.
    pub(crate) fn new(controller: AbortController) -> Self {
        AbortOnDrop(Some(controller))
    }

    /// Releases the guard: the work is done, and its signal must not be aborted any more.
    pub(crate) fn release(mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            // Without a reason, so that fetch rejects with a DOMException and not with a value of
            // the caller's.
            controller.abort();
        }
    }
}

/// Runs `work` in the background.
pub(crate) fn spawn(work: impl Future<Output = ()> + 'static) {
    let work: BoxedFuture<'static, ()> = Box::pin(work);
    spawn_local(work);
}
