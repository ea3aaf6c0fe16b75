//! Opening the microphone.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaDevices, MediaStream, MediaStreamConstraints, MediaStreamTrack};

use super::error::Rejection;
use super::property::{global, property, string};
use super::scope::Scope;
use super::task;
use crate::core::microphone::{missing, refusal};

/// An open microphone. Dropping it switches the microphone off, whichever way
/// the recording ends.
pub struct Microphone {
    /// The live stream.
    pub stream: MediaStream,
}

impl Microphone {
    /// Asks for the microphone. When `scope` ends while the user is still being
    /// asked, a stream that comes later is switched off at once.
    pub async fn open(device_id: Option<&str>, scope: &Scope) -> Result<Self, Rejection> {
        let devices = devices()?;
        let refused = |cause: JsValue| Rejection::caused_by(refusal_of(&cause), cause);
        let constraints = MediaStreamConstraints::new();
        constraints.set_audio(&audio_constraints(device_id));
        let asking = devices
            .get_user_media_with_constraints(&constraints)
            .map_err(refused)?;
        match scope.guard_any(JsFuture::from(asking.clone())).await {
            Ok(Ok(stream)) => Ok(Microphone {
                stream: stream.unchecked_into(),
            }),
            Ok(Err(cause)) => Err(refused(cause)),
            Err(stopped) => {
                task::start(async move {
                    if let Ok(stream) = JsFuture::from(asking).await {
                        drop(Microphone {
                            stream: stream.unchecked_into(),
                        });
                    }
                });
                Err(stopped)
            }
        }
    }

    /// The tracks of the stream; one, in practice.
    pub fn tracks(&self) -> Vec<MediaStreamTrack> {
        self.stream
            .get_audio_tracks()
            .iter()
            .map(JsCast::unchecked_into)
            .collect()
    }

    /// Switches the microphone off.
    pub fn close(&self) {
        for track in self.tracks() {
            track.stop();
        }
    }
}

impl Drop for Microphone {
    fn drop(&mut self) {
        self.close();
    }
}

fn devices() -> Result<MediaDevices, Rejection> {
    let devices = property(&global("navigator"), "mediaDevices");
    let can_ask = property(&devices, "getUserMedia").is_function();
    if can_ask && global("MediaRecorder").is_function() {
        return Ok(devices.unchecked_into());
    }
    // Pages without https have no mediaDevices at all.
    Err(missing(global("isSecureContext") != JsValue::FALSE).into())
}

fn audio_constraints(device_id: Option<&str>) -> JsValue {
    let wanted = js_sys::Object::new();
    let put = |name: &str, value: &JsValue| {
        let _ = Reflect::set(&wanted, &name.into(), value);
    };
    // "Ideal" by being bare: a stereo microphone is taken, and downmixed later.
    put("channelCount", &1.into());
    if let Some(id) = device_id {
        let exact = js_sys::Object::new();
        let _ = Reflect::set(&exact, &"exact".into(), &id.into());
        put("deviceId", &exact);
    }
    wanted.into()
}

/// The failure that an exception of the recording APIs stands for.
pub fn refusal_of(cause: &JsValue) -> crate::core::error::Failure {
    let text = |name| string(cause, name).unwrap_or_default();
    refusal(&text("name"), &text("message"))
}
