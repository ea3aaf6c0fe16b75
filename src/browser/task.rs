//! Work that runs by itself. Its future is boxed: the browser's machinery around
//! it is then compiled once, and not for every kind of work.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};
use web_sys::AbortController;

use super::error::Rejection;

/// Any work that gives a `T`.
pub type Boxed<T> = Pin<Box<dyn Future<Output = T>>>;

/// A promise of what comes of `work`.
pub fn promise(work: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    let work: Boxed<Result<JsValue, JsValue>> = Box::pin(work);
    future_to_promise(work)
}

/// What comes of work that the package's JavaScript does. It is given an object
/// whose `signal` is aborted when this is dropped: nobody waits for it any more.
pub async fn of_js(
    work: impl FnOnce(&AbortController) -> Result<Promise, JsValue>,
) -> Result<JsValue, Rejection> {
    let controller = AbortController::new().map_err(Rejection::of_thrown)?;
    let promise = work(&controller).map_err(Rejection::of_thrown)?;
    let _leash = Leash(controller);
    let done = JsFuture::from(promise).await;
    done.map_err(Rejection::of_thrown)
}

struct Leash(AbortController);

impl Drop for Leash {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Starts `work`.
pub fn start(work: impl Future<Output = ()> + 'static) {
    let work: Boxed<()> = Box::pin(work);
    spawn_local(work);
}

/// Starts `work` at once and gives what comes of it. Unlike a plain future it
/// goes on when the result is no longer waited for: the handlers of a database
/// request, or a lock that is about to be granted, must find somebody at home.
pub fn to_its_end<T: 'static>(work: impl Future<Output = T> + 'static) -> impl Future<Output = T> {
    let done: Rc<RefCell<(Option<T>, Option<Waker>)>> = Rc::default();
    start({
        let done = done.clone();
        async move {
            let result = work.await;
            let waker = {
                let mut done = done.borrow_mut();
                done.0 = Some(result);
                done.1.take()
            };
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    });
    poll_fn(move |context| {
        let mut done = done.borrow_mut();
        match done.0.take() {
            Some(result) => Poll::Ready(result),
            None => {
                done.1 = Some(context.waker().clone());
                Poll::Pending
            }
        }
    })
}
