//! Option values, as a plain data type that knows no JavaScript.

/// A JavaScript value, as far as options are concerned.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `undefined` or `null`: the option is left at its default.
    Absent,
    /// A boolean.
    Bool(bool),
    /// A number, `NaN` and infinities included.
    Number(f64),
    /// A string.
    Text(String),
    /// An array; its items are not looked at.
    List,
    /// A plain object.
    Object(Vec<(String, Value)>),
    /// Anything else.
    Other,
}

impl Value {
    /// The member `name` of an object; absent where there is none.
    pub fn get(&self, name: &str) -> &Value {
        match self {
            Value::Object(members) => members
                .iter()
                .find(|(key, _)| key == name)
                .map_or(&Value::Absent, |(_, value)| value),
            _ => &Value::Absent,
        }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn bool(&self) -> Option<bool> {
        match self {
            Value::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The string, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn number_of(&self, name: &str) -> Option<f64> {
        self.get(name).number()
    }

    pub(super) fn number_or(&self, name: &str, unset: f64) -> f64 {
        self.number_of(name).unwrap_or(unset)
    }

    pub(super) fn bool_or(&self, name: &str, unset: bool) -> bool {
        self.get(name).bool().unwrap_or(unset)
    }

    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.get(name).text()
    }
}
