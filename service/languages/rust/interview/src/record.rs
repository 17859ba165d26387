//! Structs whose fields are the keys of an object.

use std::collections::BTreeMap;

use crate::{FromJson, Json};

/// Writes a struct that can be an argument, a result, or part of one: its fields are the keys of an object. A field that is
/// an `Option` may be missing.
///
/// ```
/// interview::record! {
///     /// A place on the map.
///     #[derive(Clone, Debug, PartialEq)]
///     pub struct Place {
///         pub name: String,
///         pub at: (f64, f64),
///     }
/// }
/// ```
#[macro_export]
macro_rules! record {
    (
        $(#[$about:meta])*
        $seen:vis struct $name:ident {
            $($(#[$about_field:meta])* $field_seen:vis $field:ident : $kind:ty),* $(,)?
        }
    ) => {
        $(#[$about])*
        $seen struct $name {
            $($(#[$about_field])* $field_seen $field: $kind,)*
        }

        impl $crate::FromJson for $name {
            fn from_json(json: $crate::Json) -> Result<Self, String> {
                let mut fields = $crate::Fields::of(stringify!($name), json)?;
                Ok(Self { $($field: fields.take(stringify!($field))?,)* })
            }
        }

        impl $crate::FromJson for &'static $name {
            fn from_json(json: $crate::Json) -> Result<Self, String> {
                <$name as $crate::FromJson>::from_json(json).map(|value| &*Box::leak(Box::new(value)))
            }
        }

        impl $crate::ToJson for $name {
            fn to_json(&self) -> $crate::Json {
                $crate::Fields::from([$((stringify!($field), $crate::ToJson::to_json(&self.$field)),)*]).into_json()
            }
        }
    };
}

/// The fields of a record on their way from or to JSON.
pub struct Fields(BTreeMap<String, Json>);

impl Fields {
    /// The fields of the object that should become the record of that name.
    pub fn of(record: &str, json: Json) -> Result<Self, String> {
        match json {
            Json::Object(fields) => Ok(Self(fields)),
            other => Err(format!("an object for {record} is wanted, and {} is given", other.kind())),
        }
    }

    /// One field.
    pub fn take<T: FromJson>(&mut self, field: &str) -> Result<T, String> {
        let key = key(field);
        match self.0.remove(key) {
            Some(value) => T::from_json(value).map_err(|error| format!("at {key:?}: {error}")),
            None => T::missing().ok_or_else(|| format!("the key {key:?} is missing")),
        }
    }

    /// The object.
    pub fn into_json(self) -> Json {
        Json::Object(self.0)
    }
}

impl<const N: usize> From<[(&str, Json); N]> for Fields {
    fn from(fields: [(&str, Json); N]) -> Self {
        Self(fields.into_iter().map(|(field, value)| (key(field).to_owned(), value)).collect())
    }
}

/// A key that is a word of the language is written `r#type`.
fn key(field: &str) -> &str {
    field.strip_prefix("r#").unwrap_or(field)
}
