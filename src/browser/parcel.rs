//! What a call sends, wherever it comes from.

use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use super::audio;
use super::client::Shared;
use super::error::Rejection;
use super::form::Audio;
use super::input;
use super::outbox::Keeping;
use super::property::property;
use super::task;
use crate::core::audio::MediaType;
use crate::core::error::Failure;
use crate::core::request::{COMPONENTS_FIELD, Endpoint, text_fields};

/// The parts of the form, ready to be sent.
#[derive(Debug, Clone)]
pub struct Contents {
    /// The audio.
    pub audio: Audio,
    /// The text fields, in order.
    pub fields: Vec<(&'static str, String)>,
}

impl Contents {
    /// `None` where it is nothing that the package's JavaScript gives.
    fn of_js(contents: &JsValue, endpoint: Endpoint) -> Option<Self> {
        let blob: Blob = property(contents, "blob").dyn_into().ok()?;
        let known = [endpoint.options_field(), COMPONENTS_FIELD];
        let field = |pair: JsValue| {
            let pair: Array = pair.dyn_into().ok()?;
            let (name, text) = (pair.get(0).as_string()?, pair.get(1).as_string()?);
            Some((known.into_iter().find(|known| *known == name)?, text))
        };
        let fields: Array = property(contents, "fields").dyn_into().ok()?;
        Some(Contents {
            audio: Audio {
                media_type: MediaType::of_content_type(&blob.type_())?,
                duration_seconds: property(contents, "durationSeconds").as_f64()?,
                blob,
            },
            fields: fields.iter().map(field).collect::<Option<_>>()?,
        })
    }
}

/// What a call is given.
pub enum Parcel {
    /// The caller's own arguments, of any kind.
    Loose {
        /// The client.
        client: Rc<Shared>,
        /// The audio.
        audio: JsValue,
        /// The options of the endpoint.
        options: JsValue,
        /// Where it is kept before it is sent, if there is an outbox.
        keeping: Option<Rc<Keeping>>,
    },
    /// What was validated and prepared before.
    Ready(Contents),
    /// What a function of the package's JavaScript resolves to; see [`task::of_js`].
    Provided(Function),
}

impl Parcel {
    /// Validates, prepares and, if asked to, keeps it: what fails here is not
    /// sent, except that failing to keep it does not count.
    pub async fn contents(&self, endpoint: Endpoint) -> Result<Contents, Rejection> {
        match self {
            Parcel::Ready(contents) => Ok(contents.clone()),
            Parcel::Provided(contents) => {
                let contents = task::of_js(|how| {
                    let promise = contents.call1(&JsValue::UNDEFINED, how)?;
                    Ok(Promise::resolve(&promise))
                });
                let contents = contents.await?;
                Contents::of_js(&contents, endpoint)
                    .ok_or_else(|| Failure::configuration("there is nothing to send").into())
            }
            Parcel::Loose {
                client,
                audio,
                options,
                keeping,
            } => {
                let data = input::endpoint_options(options)?;
                let fields = text_fields(endpoint, &data, input::components(options))?;
                let audio = audio::for_upload(client, audio).await?;
                let contents = Contents { audio, fields };
                if let Some(keeping) = keeping {
                    keeping.keep(&contents).await;
                }
                Ok(contents)
            }
        }
    }
}
