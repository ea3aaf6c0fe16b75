//! Recording the samples as they are: no codec touches the speech, and the take
//! is ready when the speaker stops.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use js_sys::{Float32Array, Function};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AudioContext, AudioContextState, AudioWorkletNode, MediaStream, MediaStreamAudioSourceNode,
    MessageEvent, MessagePort,
};

use super::Hearers;
use crate::browser::audio::{Finished, Work, work};
use crate::browser::clock::within;
use crate::browser::context::audio_context;
use crate::browser::error::Rejection;
use crate::core::audio::level::Level;

/// How long a context may take to start, in milliseconds. It does not start at
/// all where nobody clicked yet.
const STARTING_MS: f64 = 1_000.0;

#[wasm_bindgen(module = "/pkg-template/platform.js")]
extern "C" {
    #[wasm_bindgen(js_name = captureNode, catch)]
    async fn capture_node(context: &AudioContext) -> Result<JsValue, JsValue>;
}

/// An audio context whose worklet posts samples.
pub struct Pcm {
    context: Context,
    source: MediaStreamAudioSourceNode,
    node: AudioWorkletNode,
    port: MessagePort,
    heard: Rc<Heard>,
    on_message: OnceCell<Closure<dyn FnMut(MessageEvent)>>,
    is_paused: Cell<bool>,
}

struct Heard {
    work: RefCell<Option<Work>>,
    level: Cell<Level>,
    /// Of every block since the last look. A page that was held up gets many
    /// at once, and the last one alone may be a pause.
    levels: RefCell<Vec<(Level, f64)>>,
    rate: f64,
    blocks: Cell<u32>,
}

/// Browsers grant only a few contexts; dropping this gives it back.
struct Context(AudioContext);

impl Drop for Context {
    fn drop(&mut self) {
        let _ = self.0.close();
    }
}

impl Pcm {
    /// Gets ready; fails where worklets are missing or forbidden, or the
    /// context does not start.
    pub async fn open(core: &JsValue, stream: &MediaStream) -> Result<Self, JsValue> {
        let context = Context(audio_context()?);
        within(STARTING_MS, JsFuture::from(context.0.resume()?)).await;
        if context.0.state() != AudioContextState::Running {
            return Err(JsValue::UNDEFINED);
        }
        let node: AudioWorkletNode = capture_node(&context.0).await?.dyn_into()?;
        let rate = f64::from(context.0.sample_rate());
        let work = work(core, rate as u32)?;
        Ok(Pcm {
            source: context.0.create_media_stream_source(stream)?,
            port: node.port()?,
            node,
            context,
            heard: Rc::new(Heard {
                work: RefCell::new(Some(work)),
                level: Cell::default(),
                levels: RefCell::default(),
                rate,
                blocks: Cell::new(0),
            }),
            on_message: OnceCell::new(),
            is_paused: Cell::new(false),
        })
    }

    /// Starts.
    pub fn start(&self, hearers: Hearers) {
        let on_message = self.on_message.get_or_init(|| {
            let (heard, stopped) = (self.heard.clone(), hearers.stopped.clone());
            Closure::new(
                move |event: MessageEvent| match event.data().dyn_into::<Float32Array>() {
                    Ok(samples) => heard.take(&samples),
                    Err(_) => {
                        let _ = stopped.call0(&JsValue::UNDEFINED);
                    }
                },
            )
        });
        let on_message: &Function = on_message.as_ref().unchecked_ref();
        self.port.set_onmessage(Some(on_message));
        let _ = self.source.connect_with_audio_node(&self.node);
        // It gives silence; unconnected, some browsers would not run it.
        let _ = self
            .node
            .connect_with_audio_node(&self.context.0.destination());
    }

    /// Holds.
    pub fn pause(&self) -> bool {
        self.tell("pause");
        !self.is_paused.replace(true)
    }

    /// Goes on.
    pub fn resume(&self) -> bool {
        self.tell("run");
        self.is_paused.replace(false)
    }

    /// Asks for the samples that were not posted yet. A context that does not
    /// run answers nothing.
    pub fn stop(&self) -> bool {
        self.tell("stop");
        self.context.0.state() == AudioContextState::Running
    }

    /// The level of the last block.
    pub fn level(&self) -> Level {
        self.heard.level.get()
    }

    /// The levels of all blocks since this was asked last, with their seconds.
    pub fn heard(&self) -> Vec<(Level, f64)> {
        self.heard.levels.take()
    }

    /// Whether no block came since this was asked last.
    pub fn is_starved(&self) -> bool {
        self.heard.blocks.replace(0) == 0 && !self.is_paused.get()
    }

    /// Gives the audio context back.
    pub fn close(&self) {
        self.port.set_onmessage(None);
        self.port.close();
        let _ = self.source.disconnect();
        let _ = self.node.disconnect();
        if self.context.0.state() != AudioContextState::Closed {
            let _ = self.context.0.close();
        }
    }

    /// Forgets what was recorded.
    pub fn forget(&self) {
        if let Some(work) = self.heard.work.take() {
            work.free();
        }
    }

    /// The recording, which was prepared while it came.
    pub fn finished(&self, trim: bool) -> Result<Option<Finished>, Rejection> {
        match self.heard.work.borrow_mut().as_mut() {
            Some(work) if !work.is_empty() => {
                work.finish(trim).map(Some).map_err(Rejection::of_thrown)
            }
            _ => Ok(None),
        }
    }

    fn tell(&self, state: &str) {
        let _ = self.port.post_message(&state.into());
    }
}

impl Heard {
    fn take(&self, samples: &Float32Array) {
        let level = Level::of(&samples.to_vec());
        self.level.set(level);
        let seconds = f64::from(samples.length()) / self.rate;
        self.levels.borrow_mut().push((level, seconds));
        self.blocks.set(self.blocks.get() + 1);
        if let Some(work) = self.work.borrow_mut().as_mut() {
            work.feed(samples);
        }
    }
}
