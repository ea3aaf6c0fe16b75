//! Recording by the browser's own recorder.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobEvent, MediaRecorder, MediaRecorderOptions, MediaStream, RecordingState};

use super::Hearers;
use crate::browser::audio::{made, new_blob};
use crate::browser::error::Rejection;
use crate::browser::meter::Meter;
use crate::core::audio::level::Level;
use crate::core::microphone::{RECORDED_BITS_PER_SECOND, RECORDED_TYPES};

/// How often the recorder hands out what it has, in milliseconds, so that an
/// interruption costs no more than this.
const CHUNK_MS: i32 = 250;

#[wasm_bindgen]
extern "C" {
    type HTMLMediaElement;
    #[wasm_bindgen(constructor, js_class = "Audio", catch)]
    fn new_audio() -> Result<HTMLMediaElement, JsValue>;
    #[wasm_bindgen(method, js_name = canPlayType)]
    fn can_play_type(this: &HTMLMediaElement, media_type: &str) -> String;
}

/// A `MediaRecorder` and what it gave so far.
pub struct Encoded {
    recorder: MediaRecorder,
    chunks: Rc<RefCell<Vec<Blob>>>,
    on_data: OnceCell<Closure<dyn FnMut(BlobEvent)>>,
    meter: RefCell<Option<Meter>>,
}

impl Encoded {
    /// Gets ready.
    pub fn open(stream: &MediaStream, wants_levels: bool) -> Result<Self, JsValue> {
        let options = MediaRecorderOptions::new();
        options.set_audio_bits_per_second(RECORDED_BITS_PER_SECOND);
        if let Some(media_type) = negotiated() {
            options.set_mime_type(media_type);
        }
        Ok(Encoded {
            recorder: MediaRecorder::new_with_media_stream_and_media_recorder_options(
                stream, &options,
            )?,
            chunks: Rc::default(),
            on_data: OnceCell::new(),
            meter: RefCell::new(match wants_levels {
                true => Meter::new(stream).ok(),
                false => None,
            }),
        })
    }

    /// Starts.
    pub fn start(&self, hearers: Hearers) -> Result<(), JsValue> {
        let on_data = self.on_data.get_or_init(|| {
            let chunks = self.chunks.clone();
            Closure::new(move |event: BlobEvent| {
                if let Some(chunk) = event.data().filter(|chunk| chunk.size() > 0.0) {
                    chunks.borrow_mut().push(chunk);
                }
            })
        });
        let on_data: &Function = on_data.as_ref().unchecked_ref();
        self.recorder.set_ondataavailable(Some(on_data));
        self.recorder.set_onstop(Some(hearers.stopped));
        self.recorder.set_onerror(Some(hearers.broken));
        self.recorder.start_with_time_slice(CHUNK_MS)
    }

    /// Holds.
    pub fn pause(&self) -> bool {
        self.recorder.state() == RecordingState::Recording && self.recorder.pause().is_ok()
    }

    /// Goes on.
    pub fn resume(&self) -> bool {
        self.recorder.state() == RecordingState::Paused && self.recorder.resume().is_ok()
    }

    /// Asks for the last chunk. A recorder whose tracks all ended has stopped
    /// by itself, and handed it out.
    pub fn stop(&self) -> bool {
        self.recorder.state() != RecordingState::Inactive && self.recorder.stop().is_ok()
    }

    /// The level of the last moment.
    pub fn level(&self) -> Option<Level> {
        self.meter.borrow().as_ref().map(Meter::read)
    }

    /// Gives the meter's context back, and hears no more.
    pub fn close(&self) {
        self.meter.take();
        self.recorder.set_ondataavailable(None);
        self.recorder.set_onstop(None);
        self.recorder.set_onerror(None);
    }

    /// Forgets what was recorded.
    pub fn forget(&self) {
        self.chunks.borrow_mut().clear();
    }

    /// The recording, prepared. The chunks stay, for another try.
    pub async fn made(
        &self,
        core: &JsValue,
        wanted: &JsValue,
    ) -> Result<Option<JsValue>, Rejection> {
        let parts: Array = self.chunks.borrow().iter().collect();
        if parts.length() == 0 {
            return Ok(None);
        }
        let whole = new_blob(&parts, &self.recorder.mime_type())?;
        made(core, &whole, wanted).await.map(Some)
    }
}

/// The first type that this browser records and can also play: what it cannot
/// play it cannot decode either. `None` leaves the choice to the browser.
fn negotiated() -> Option<&'static str> {
    let audio = HTMLMediaElement::new_audio().ok()?;
    RECORDED_TYPES.iter().copied().find(|media_type| {
        MediaRecorder::is_type_supported(media_type) && !audio.can_play_type(media_type).is_empty()
    })
}
