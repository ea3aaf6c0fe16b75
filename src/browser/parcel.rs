//! What a call sends, wherever it comes from.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::audio::{self, Source};
use super::error::Rejection;
use super::form::Audio;
use super::input;
use super::outbox::Keeping;
use crate::core::request::{Endpoint, text_fields};

/// The parts of the form, ready to be sent.
#[derive(Debug, Clone)]
pub struct Contents {
    /// The audio.
    pub audio: Audio,
    /// The text fields, in order.
    pub fields: Vec<(&'static str, String)>,
}

/// What a call is given.
pub enum Parcel {
    /// The caller's own arguments, of any kind.
    Loose {
        /// The audio.
        audio: Source,
        /// The options of the endpoint.
        options: JsValue,
        /// Where it is kept before it is sent, if there is an outbox.
        keeping: Option<Rc<Keeping>>,
    },
    /// What was validated and prepared before.
    Ready(Contents),
}

impl Parcel {
    /// Validates, prepares and, if asked to, keeps it: what fails here is not
    /// sent, except that failing to keep it does not count.
    pub async fn contents(&self, endpoint: Endpoint) -> Result<Contents, Rejection> {
        match self {
            Parcel::Ready(contents) => Ok(contents.clone()),
            Parcel::Loose {
                audio,
                options,
                keeping,
            } => {
                let data = input::endpoint_options(options)?;
                let fields = text_fields(endpoint, &data, input::components(options))?;
                let audio = audio::for_upload(audio).await?;
                let contents = Contents { audio, fields };
                if let Some(keeping) = keeping {
                    keeping.keep(&contents).await;
                }
                Ok(contents)
            }
        }
    }
}
