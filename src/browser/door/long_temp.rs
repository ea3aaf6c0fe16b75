//! temporary
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use super::Core;
use crate::browser::audio::{self, Way, mp3};
use crate::browser::error::Rejection;
use crate::browser::{property::global, task};
use crate::core::audio::{Preparation, split};
use crate::core::audio::quality::Quality;
use crate::core::audio::wanted::Wanted;
use crate::core::error::Failure;

#[wasm_bindgen]
/// t
pub struct Heard(Quality);
#[wasm_bindgen]
impl Heard {
    /// t
    pub fn spans(&self, frame_bytes: u32, most_seconds: f64) -> Vec<f64> {
        let rate = self.0.rate();
        let longest = split::longest(rate, u64::from(frame_bytes), most_seconds);
        let seconds = |sample: usize| sample as f64 / f64::from(rate);
        split::parts(&self.0, longest).iter().flat_map(|part| [seconds(part.stretch.start), seconds(part.stretch.end), f64::from(part.cut_mid_speech)]).collect()
    }
}
#[wasm_bindgen]
impl Core {
    /// t
    #[wasm_bindgen(js_name = longMadeTemp)]
    pub fn long_made_temp(&self, audio: JsValue, is_whole: Function) -> Promise {
        task::promise(async move {
            let work = async {
                let source = audio::blob_from(&audio)?;
                let made = match audio::inspected(&source).await? {
                    Preparation::Walk => {
                        let upload = mp3::walked(&source).await?;
                        match is_whole.call2(&JsValue::NULL, &source, &upload.duration_seconds.into()).unwrap().is_truthy() {
                            true => mp3::of(&audio, &source, upload).await?,
                            false => {
                                if !global("OfflineAudioContext").is_function() {
                                    return Err(Failure::audio("undecodable", "the MP3 is too long for one request, and only a window can decode it to cut it; pass WAV here").into());
                                }
                                audio::convert(&source, "mp3", Wanted::default()).await?
                            }
                        }
                    }
                    other => audio::from(&source, other, Wanted::default()).await?,
                };
                audio::refuse_silence(&audio, &made)?;
                let o = Object::new();
                let put = |n: &str, v: JsValue| { Reflect::set(&o, &n.into(), &v).unwrap(); };
                put("blob", made.blob.clone().into());
                put("durationSeconds", made.duration_seconds().into());
                let l = Object::new();
                let putl = |n: &str, v: JsValue| { Reflect::set(&l, &n.into(), &v).unwrap(); };
                let lay = match &made.way {
                    Way::AsItIs(u, _) => u.wav.map(|w| (w.sample_rate, w.channels, w.data_start, w.data_bytes)),
                    Way::Anew(p, c) => Some((p.sample_rate, *c, 44, made.blob.size() as u64 - 44)),
                    _ => None,
                };
                if let Some((r, c, s, b)) = lay {
                    putl("sampleRate", r.into()); putl("channels", c.into()); putl("dataStart", (s as f64).into()); putl("dataBytes", (b as f64).into());
                    put("layout", l.clone().into());
                }
                if let Some(q) = made.quality() { put("quality", Heard(q.clone()).into()); }
                Ok(o.into())
            };
            work.await.map_err(Rejection::into_thrown)
        })
    }
}
