//! Cancellation: a piece of work ends early by the caller's signal, by its deadline, or because
//! the client is disposed of.
//!
//! Work that a scope runs is dropped as soon as the scope is cancelled, together with all timers,
//! listeners and requests that it owns.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use crate::browser::clock::{monotonic_ms, sleep_with_grace};
use crate::browser::error::Rejection;
use crate::browser::js::imports::when_aborted;
use crate::browser::js::{BoxedFuture, JsResult};
use crate::core::catalogue::Class;
use crate::core::error::failure::{DEADLINE_EXCEEDED, Failure};
use crate::core::format::{concat, format_u64};

#[derive(Default)]
struct State {
    cancellation: Option<Rejection>,
    waker: Option<Waker>,
}

impl State {
    /// Cancels, unless that has happened before: the first cause counts.
    fn cancel(state: &RefCell<State>, cause: Rejection) {
        let waker = {
            let mut state = state.borrow_mut();
            if state.cancellation.is_some() {
                return;
            }
            state.cancellation = Some(cause);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// A future that resolves, after a time, to the error of the step that it limits.
pub(crate) type TimeoutFuture = BoxedFuture<'static, Rejection>;

/// The limits of one call: its signal, its deadline, and the life of the client.
pub(crate) struct CancellationScope {
    state: Rc<RefCell<State>>,
    _listener: Option<AbortListener>,
    started_ms: f64,
    deadline_ms: Option<f64>,
    /// Resolves at the deadline; polled by all work that runs in the scope.
    deadline: RefCell<Option<TimeoutFuture>>,
}

impl CancellationScope {
    /// Returns a scope that ends with `signal`, or after `deadline_ms` milliseconds. `elapsed_ms`
    /// of them have passed already.
    pub(crate) fn new(signal: Option<JsValue>, deadline_ms: Option<f64>, elapsed_ms: f64) -> Self {
        let state = Rc::new(RefCell::new(State::default()));
        let listener = signal.map(|signal| AbortListener::new(&signal, &state));
        let deadline = deadline_ms
            .map(|ms| timeout_with_elapsed(elapsed_ms, ms, "deadline", DEADLINE_EXCEEDED));
        CancellationScope {
            deadline: RefCell::new(deadline),
            state,
            _listener: listener,
            started_ms: monotonic_ms() - elapsed_ms,
            deadline_ms,
        }
    }

    /// Returns the milliseconds until the deadline, if there is one.
    pub(crate) fn remaining_ms(&self) -> Option<f64> {
        self.deadline_ms.map(|ms| (ms - self.elapsed_ms()).max(0.0))
    }

    /// Returns the milliseconds since the call began.
    pub(crate) fn elapsed_ms(&self) -> f64 {
        monotonic_ms() - self.started_ms
    }

    /// Returns a handle that cancels the scope. It does not keep the scope alive.
    pub(crate) fn cancel_handle(&self) -> CancelHandle {
        CancelHandle(Rc::downgrade(&self.state))
    }

    /// Returns the outcome of `work`, or an error as soon as the scope is cancelled or one of the
    /// `timeouts` resolves.
    pub(crate) async fn run(
        &self,
        mut work: Pin<&mut (dyn Future<Output = JsResult> + '_)>,
        timeouts: &mut [TimeoutFuture],
    ) -> JsResult {
        poll_fn(|context| {
            if let Some(cause) = self.cancellation() {
                return Poll::Ready(Err(cause));
            }
            if let Poll::Ready(outcome) = work.as_mut().poll(context) {
                return Poll::Ready(outcome);
            }
            self.state.borrow_mut().waker = Some(context.waker().clone());
            for timeout in timeouts.iter_mut() {
                if let Poll::Ready(cause) = timeout.as_mut().poll(context) {
                    return Poll::Ready(Err(cause));
                }
            }
            self.poll_deadline(context);
            match self.cancellation() {
                Some(cause) => Poll::Ready(Err(cause)),
                None => Poll::Pending,
            }
        })
        .await
    }

    fn poll_deadline(&self, context: &mut Context<'_>) {
        let polled = match self.deadline.borrow_mut().as_mut() {
            Some(deadline) => deadline.as_mut().poll(context),
            None => return,
        };
        if let Poll::Ready(cause) = polled {
            // A future that is polled after it has resolved panics.
            self.deadline.take();
            State::cancel(&self.state, cause);
        }
    }

    fn cancellation(&self) -> Option<Rejection> {
        self.state.borrow().cancellation.clone()
    }
}

/// Returns a future that resolves to [`timeout_error`] after `ms` milliseconds.
pub(crate) fn timeout(ms: f64, reason: &'static str, problem: &'static str) -> TimeoutFuture {
    timeout_with_elapsed(0.0, ms, reason, problem)
}

/// Returns a [`timeout`] of `ms` milliseconds, of which `elapsed_ms` have passed already.
fn timeout_with_elapsed(
    elapsed_ms: f64,
    ms: f64,
    reason: &'static str,
    problem: &'static str,
) -> TimeoutFuture {
    let timer = sleep_with_grace(ms - elapsed_ms);
    Box::pin(async move {
        timer.await;
        timeout_error(reason, problem, ms)
    })
}

/// Returns the error of a timeout. `problem` is the message up to the number of milliseconds.
pub(crate) fn timeout_error(reason: &'static str, problem: &str, ms: f64) -> Rejection {
    let problem = concat(&[problem, &format_u64(ms as u64), " ms"]);
    Failure::client(Class::Timeout, Some(reason), problem).into()
}

/// Cancels a scope from outside, without keeping it alive.
pub(crate) struct CancelHandle(Weak<RefCell<State>>);

impl CancelHandle {
    /// Cancels the scope, if it still exists.
    pub(crate) fn cancel(&self, cause: Rejection) {
        if let Some(state) = self.0.upgrade() {
            State::cancel(&state, cause);
        }
    }

    /// True if the scope does not exist any more.
    pub(crate) fn is_over(&self) -> bool {
        self.0.strong_count() == 0
    }
}

/// Listens to an `AbortSignal` until it is dropped.
struct AbortListener {
    stop: Function,
    _callback: Closure<dyn Fn(JsValue)>,
}

impl AbortListener {
    fn new(signal: &JsValue, state: &Rc<RefCell<State>>) -> Self {
        let callback = Closure::new({
            let state = Rc::downgrade(state);
            move |reason| {
                if let Some(state) = state.upgrade() {
                    State::cancel(&state, Rejection::aborted(reason));
                }
            }
        });
        AbortListener {
            stop: when_aborted(signal, &callback),
            _callback: callback,
        }
    }
}

impl Drop for AbortListener {
    fn drop(&mut self) {
        let _ = self.stop.call0(&JsValue::UNDEFINED);
    }
}
