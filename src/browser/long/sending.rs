//! Parts on their way: each a call of its own, some at a time.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use super::board::Board;
use super::outcome::Outcome;
use super::parts::Parts;
use crate::browser::audio::Source;
use crate::browser::call;
use crate::browser::client::Shared;
use crate::browser::error::Account;
use crate::browser::input::Options;
use crate::browser::parcel::Parcel;
use crate::browser::property::string;
use crate::browser::scope::Scope;
use crate::core::long::ends_all;
use crate::core::options::REQUEST;
use crate::core::request::Endpoint;

/// What all parts of one recording share.
pub struct Sender {
    /// The client, whose gate the parts pass.
    pub client: Rc<Shared>,
    /// What errors of a part know that came to no call.
    pub account: Account,
    /// The caller's options.
    pub options: JsValue,
    /// The caller's request.
    pub request: Options,
    /// The whole, whose deadline is that of every part.
    pub scope: Scope,
    /// The parts.
    pub parts: Rc<Parts>,
    /// Where they are.
    pub board: Rc<Board>,
}

/// A part under way.
struct Live {
    index: usize,
    call: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>,
    /// Kept for as long as the call may report to it.
    _on_progress: Closure<dyn Fn(JsValue)>,
}

impl Sender {
    /// Sends what is missing, and gives the error that ended all, if one did.
    ///
    /// The parts watch the caller's signal, the deadline and the client's end
    /// themselves, so that each is told of in its events; stopped, they settle in
    /// the same turn.
    pub async fn send(&self, outcomes: &mut [Outcome]) -> Option<JsValue> {
        let missing = |at: &usize| !matches!(outcomes[*at], Outcome::Done(_));
        let mut sending = Sending {
            sender: self,
            missing: (0..outcomes.len()).filter(missing).collect(),
            live: Vec::new(),
            ending: None,
        };
        poll_fn(|context| sending.poll(context, outcomes)).await;
        sending.ending
    }

    fn start(&self, index: usize) -> Live {
        let on_progress = Closure::<dyn Fn(JsValue)>::new({
            let board = self.board.clone();
            move |progress: JsValue| board.hear(index, &progress)
        });
        let request = self.request_of_part(on_progress.as_ref());
        let (client, options) = (self.client.clone(), self.options.clone());
        let audio = self
            .parts
            .spans
            .get(index)
            .map(|span| self.parts.audio(span));
        let audio = match audio {
            Some(Err(rejection)) => Err(rejection.into_js(&self.account)),
            Some(Ok(audio)) => Ok(Source::Ready(audio)),
            None => Ok(Source::Callers(JsValue::UNDEFINED)),
        };
        Live {
            index,
            call: Box::pin(async move {
                // A long recording has a way of its own to be resumed.
                let parcel = Parcel::Loose {
                    audio: audio?,
                    options,
                };
                call::run(client, Endpoint::Transcribe, &parcel, request).await
            }),
            _on_progress: on_progress,
        }
    }

    /// The caller's request, with what is left of the deadline.
    fn request_of_part(&self, on_progress: &JsValue) -> JsValue {
        let request = Object::new();
        for field in REQUEST {
            let value = match field.name {
                "onProgress" => on_progress.clone(),
                "deadlineMs" => self.scope.remaining_ms().map(|ms| ms.max(1.0)).into(),
                name => self.request.get(name),
            };
            // Setting a property of a fresh plain object cannot fail.
            let _ = Reflect::set(&request, &field.name.into(), &value);
        }
        request.into()
    }
}

struct Sending<'a> {
    sender: &'a Sender,
    missing: VecDeque<usize>,
    live: Vec<Live>,
    ending: Option<JsValue>,
}

impl Sending<'_> {
    fn poll(&mut self, context: &mut Context<'_>, outcomes: &mut [Outcome]) -> Poll<()> {
        // Not all at once: each would hold a place in the queue, and calls that
        // the page makes meanwhile would have to wait behind the last.
        let at_once = self.sender.client.options.max_concurrent;
        loop {
            while self.ending.is_none()
                && self.live.len() < at_once
                && let Some(index) = self.missing.pop_front()
            {
                self.live.push(self.sender.start(index));
            }
            let settled = self.poll_live(context, outcomes);
            let is_over = self.ending.is_some() || self.missing.is_empty();
            if self.live.is_empty() && is_over {
                return Poll::Ready(());
            }
            if !settled {
                return Poll::Pending;
            }
        }
    }

    /// Whether one of them is over.
    fn poll_live(&mut self, context: &mut Context<'_>, outcomes: &mut [Outcome]) -> bool {
        let board = &self.sender.board;
        let mut over = Vec::new();
        self.live
            .retain_mut(|part| match part.call.as_mut().poll(context) {
                Poll::Pending => true,
                Poll::Ready(outcome) => {
                    over.push((part.index, outcome));
                    false
                }
            });
        let settled = !over.is_empty();
        for (index, outcome) in over {
            let is_done = outcome.is_ok();
            let outcome = match outcome {
                Ok(result) => Outcome::Done(result),
                Err(error) => {
                    if self.ending.is_none() && is_ending(&error) {
                        self.ending = Some(error.clone());
                    }
                    Outcome::Failed(error)
                }
            };
            if let Some(place) = outcomes.get_mut(index) {
                *place = outcome;
            }
            board.close(index, is_done);
        }
        if self.ending.is_some() {
            // What the server has may be billed, so its answer is waited for; but
            // nothing more is sent, not even again.
            self.live.retain(|part| {
                let stays = board.is_uploading(part.index);
                if !stays {
                    board.close(part.index, false);
                }
                stays
            });
        }
        settled
    }
}

fn is_ending(error: &JsValue) -> bool {
    let code = string(error, "code").unwrap_or_default();
    ends_all(&code, string(error, "reason").as_deref())
}
