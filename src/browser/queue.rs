//! The queue in front of the rate limiter: first in, first out. A call that tries again keeps its
//! place in the order.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::{JsCast, JsValue};

use crate::browser::clock::{monotonic_ms, sleep};
use crate::browser::cross_tab::Tabs;
use crate::browser::error::Rejection;
use crate::browser::js::imports::{CrossTabSlot, TryAcquire};
use crate::browser::js::{BoxedFuture, JsResult};
use crate::core::endpoint::Endpoint;
use crate::core::retry::rate_limiter::{Admission, RateLimiter, would_fail_too};

struct State {
    limiter: RateLimiter,
    /// The calls that wait, in the order of their tickets.
    waiters: Vec<Waiter>,
    next_ticket: u64,
}

struct Waiter {
    ticket: u64,
    endpoint: Endpoint,
    /// True if the call waits for a permit; false if it waits for the end of a backoff.
    is_ready: bool,
    waker: Option<Waker>,
    /// The failure of another call that this one would share.
    early_failure: Option<Rejection>,
}

/// The queue of one client.
#[derive(Clone)]
pub(crate) struct Queue {
    state: Rc<RefCell<State>>,
    tabs: Option<Rc<Tabs>>,
}

impl Queue {
    /// Returns a queue in front of `limiter`. Tabs of one origin with the same `shared_name` share
    /// its limits and its `slots`.
    pub(crate) fn new(limiter: RateLimiter, shared_name: Option<&str>, slots: usize) -> Self {
        let state = Rc::new(RefCell::new(State {
            limiter,
            waiters: Vec::new(),
            next_ticket: 0,
        }));
        let tabs = shared_name.map(|name| {
            let weak = Rc::downgrade(&state);
            Rc::new(Tabs::join(name, slots, move |sent_ms, paused_until_ms| {
                if let Some(state) = weak.upgrade() {
                    let limiter = &mut state.borrow_mut().limiter;
                    limiter.apply_remote_state(sent_ms, paused_until_ms, monotonic_ms());
                }
            }))
        });
        Queue { state, tabs }
    }

    /// Returns the place of one call in the order.
    pub(crate) fn ticket(&self, endpoint: Endpoint) -> QueueTicket {
        let id = self.state.borrow().next_ticket;
        self.state.borrow_mut().next_ticket += 1;
        QueueTicket {
            queue: self.clone(),
            id,
            endpoint,
        }
    }

    /// Fails all waiting calls that would fail for the same reason as the call with this
    /// `rejection`.
    pub(crate) fn fail_equivalent_calls(&self, rejection: &Rejection) {
        let mut wakers = Vec::new();
        for waiter in &mut self.state.borrow_mut().waiters {
            if would_fail_too(rejection.failure(), waiter.endpoint) {
                waiter.early_failure = Some(rejection.clone());
                wakers.extend(waiter.waker.take());
            }
        }
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Sends nothing for `ms` milliseconds, in all tabs.
    pub(crate) fn pause_for(&self, ms: f64) {
        let mut state = self.state.borrow_mut();
        state.limiter.pause_until(monotonic_ms() + ms);
        if let Some(tabs) = &self.tabs {
            tabs.broadcast_pause(ms);
        }
    }

    /// Returns the milliseconds until the rate limiter admits a request again.
    pub(crate) fn time_until_open_ms(&self) -> f64 {
        let state = self.state.borrow();
        state.limiter.time_until_open_ms(monotonic_ms())
    }

    fn wake_next(&self) {
        let waker = self
            .state
            .borrow_mut()
            .waiters
            .iter_mut()
            .find(|waiter| waiter.is_ready)
            .and_then(|waiter| waiter.waker.take());
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// The place of one call in the order.
pub(crate) struct QueueTicket {
    queue: Queue,
    id: u64,
    endpoint: Endpoint,
}

impl QueueTicket {
    /// Waits until the rate limiter admits a request, and records that in `permit`. `on_wait` is
    /// called once if there is a wait. Dropping the future removes the call from the queue. Fails
    /// if another call has failed in a way that this one would share.
    pub(crate) async fn acquire(&self, permit: &Permit, on_wait: &dyn Fn()) -> JsResult {
        let _guard = self.enqueue(true);
        let has_reported = Cell::new(false);
        let report_wait = || {
            if !has_reported.replace(true) {
                on_wait();
            }
        };
        if let Some(tabs) = &self.queue.tabs {
            // Boxed, because few clients share limits: the others should not pay for the space.
            let mut acquiring: BoxedFuture<'_, JsResult> =
                Box::pin(self.acquire_across_tabs(tabs, permit, &report_wait));
            if self.or_fail_early(acquiring.as_mut()).await?.is_truthy() {
                return Ok(JsValue::UNDEFINED);
            }
        }
        let mut timer = None;
        poll_fn(|context| {
            let polled = self.poll_acquire(permit, &mut timer, context);
            if polled.is_pending() {
                report_wait();
            }
            polled
        })
        .await?;
        Ok(JsValue::UNDEFINED)
    }

    /// Waits among all tabs. Returns `false` if this tab is on its own.
    async fn acquire_across_tabs(
        &self,
        tabs: &Tabs,
        permit: &Permit,
        on_wait: &dyn Fn(),
    ) -> JsResult {
        let (state, admitted_ms) = (self.queue.state.clone(), permit.admitted_ms.clone());
        let try_acquire = TryAcquire::new(move || {
            let now_ms = monotonic_ms();
            let admission = state.borrow_mut().limiter.try_acquire(now_ms);
            if let Admission::WaitMs(ms) = admission {
                return ms;
            }
            // All tabs together have no more slots than this tab's limiter. Recorded at once, so
            // that a call that is cancelled before the other tabs know of it releases its slot.
            admitted_ms.set(Some(now_ms));
            0.0
        });
        let slot = tabs.acquire(&try_acquire, on_wait).await?;
        let is_shared = slot.is_object();
        if is_shared {
            permit.slot.replace(Some(slot.unchecked_into()));
        }
        Ok(is_shared.into())
    }

    /// Waits `ms` milliseconds before the next attempt. Fails if another call has failed in a way
    /// that this one would share.
    pub(crate) async fn wait_backoff(&self, ms: f64) -> JsResult {
        let _guard = self.enqueue(false);
        let sleeping = async {
            sleep(ms).await;
            Ok(JsValue::UNDEFINED)
        };
        self.or_fail_early(pin!(sleeping)).await
    }

    async fn or_fail_early(
        &self,
        mut work: Pin<&mut (dyn Future<Output = JsResult> + '_)>,
    ) -> JsResult {
        poll_fn(|context| match self.register_waker(context) {
            Some(failure) => Poll::Ready(Err(failure)),
            None => work.as_mut().poll(context),
        })
        .await
    }

    /// Returns a permit that is not acquired yet.
    pub(crate) fn permit(&self) -> Permit {
        Permit {
            queue: self.queue.clone(),
            admitted_ms: Rc::default(),
            is_sent: Cell::default(),
            slot: RefCell::default(),
        }
    }

    fn enqueue(&self, is_ready: bool) -> QueueGuard<'_> {
        let waiter = Waiter {
            ticket: self.id,
            endpoint: self.endpoint,
            is_ready,
            waker: None,
            early_failure: None,
        };
        let mut state = self.queue.state.borrow_mut();
        let index = state
            .waiters
            .partition_point(|other| other.ticket < self.id);
        state.waiters.insert(index, waiter);
        QueueGuard(self)
    }

    /// Registers the waker of this call; returns the failure that it would share, if there is one.
    fn register_waker(&self, context: &mut Context<'_>) -> Option<Rejection> {
        let mut state = self.queue.state.borrow_mut();
        let waiter = state.waiters.iter_mut().find(|one| one.ticket == self.id)?;
        waiter.waker = Some(context.waker().clone());
        waiter.early_failure.clone()
    }

    fn poll_acquire(
        &self,
        permit: &Permit,
        timer: &mut Option<TimeoutFuture>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Rejection>> {
        if let Some(failure) = self.register_waker(context) {
            return Poll::Ready(Err(failure));
        }
        let mut state = self.queue.state.borrow_mut();
        let first = state.waiters.iter().find(|waiter| waiter.is_ready);
        if first.is_none_or(|waiter| waiter.ticket != self.id) {
            return Poll::Pending;
        }
        loop {
            let now_ms = monotonic_ms();
            match state.limiter.try_acquire(now_ms) {
                Admission::Granted => {
                    permit.admitted_ms.set(Some(now_ms));
                    return Poll::Ready(Ok(()));
                }
                Admission::WaitForSlot => return Poll::Pending,
                Admission::WaitMs(ms) => {
                    // A pending timer stays, even if the wait has grown: dropping a timer wakes
                    // its task, so that a new timer at every poll would poll without end until the
                    // wait is over.
                    let pending = timer.get_or_insert_with(|| sleep(ms));
                    if Pin::new(pending).poll(context).is_pending() {
                        return Poll::Pending;
                    }
                    *timer = None;
                }
            }
        }
    }
}

/// Keeps a call in the queue until it is dropped.
struct QueueGuard<'a>(&'a QueueTicket);

impl Drop for QueueGuard<'_> {
    fn drop(&mut self) {
        let QueueTicket { queue, id, .. } = self.0;
        let is_other = |waiter: &Waiter| waiter.ticket != *id;
        queue.state.borrow_mut().waiters.retain(is_other);
        queue.wake_next();
    }
}

/// The right to send one request; dropping it releases its slot.
pub(crate) struct Permit {
    queue: Queue,
    /// The time of admission, once granted. Set from JavaScript if tabs share the limits.
    admitted_ms: Rc<Cell<Option<f64>>>,
    /// Whether the request was sent.
    is_sent: Cell<bool>,
    /// The slot among all tabs.
    slot: RefCell<Option<CrossTabSlot>>,
}

impl Permit {
    /// Records that the request is sent now, which is when the API counts it.
    pub(crate) fn mark_sent(&self) {
        self.is_sent.set(true);
        if let Some(admitted_ms) = self.admitted_ms.get() {
            let limiter = &mut self.queue.state.borrow_mut().limiter;
            limiter.record_sent(admitted_ms, monotonic_ms());
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            slot.release();
        }
        if let Some(admitted_ms) = self.admitted_ms.get() {
            let limiter = &mut self.queue.state.borrow_mut().limiter;
            if self.is_sent.get() {
                limiter.release();
            } else {
                limiter.release_unsent(admitted_ms);
            }
        }
        self.queue.wake_next();
    }
}
