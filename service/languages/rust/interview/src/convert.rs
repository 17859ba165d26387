//! From JSON to the types of Rust, and back.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::Hash;
use std::str::FromStr;

use crate::Json;

/// A type that an argument may have.
#[diagnostic::on_unimplemented(
    message = "an argument cannot have the type `{Self}`",
    note = "arguments are numbers, bool, char, String, &str, Vec, slices, tuples, Option, maps, sets, Json or a record!"
)]
pub trait FromJson: Sized {
    /// Reads a value; the error says what does not fit.
    fn from_json(json: Json) -> Result<Self, String>;

    /// What stands for a key that an object does not have.
    fn missing() -> Option<Self> {
        None
    }
}

/// A type that a result may have.
#[diagnostic::on_unimplemented(
    message = "a result cannot have the type `{Self}`",
    note = "results are numbers, bool, char, text, Vec, slices, tuples, Option, maps, sets, Json or a record!"
)]
pub trait ToJson {
    /// The value as JSON.
    fn to_json(&self) -> Json;
}

fn misfit<T>(wanted: &str, json: &Json) -> Result<T, String> {
    Err(format!("{wanted} is wanted, and {} is given", json.kind()))
}

impl FromJson for Json {
    fn from_json(json: Json) -> Result<Self, String> {
        Ok(json)
    }
}

impl ToJson for Json {
    fn to_json(&self) -> Json {
        self.clone()
    }
}

macro_rules! whole_numbers {
    ($($kind:ident)*) => {$(
        impl FromJson for $kind {
            fn from_json(json: Json) -> Result<Self, String> {
                let fitting = match json {
                    Json::Int(number) => number.try_into().ok(),
                    Json::Float(number) => Some(number as Self).filter(|whole| *whole as f64 == number),
                    other => return misfit("a number", &other),
                };
                fitting.ok_or_else(|| format!("{json} does not fit"))
            }
        }

        impl ToJson for $kind {
            fn to_json(&self) -> Json {
                i64::try_from(*self).map_or(Json::Float(*self as f64), Json::Int)
            }
        }
    )*};
}
whole_numbers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

macro_rules! floats {
    ($($kind:ident)*) => {$(
        impl FromJson for $kind {
            fn from_json(json: Json) -> Result<Self, String> {
                match json {
                    Json::Int(number) => Ok(number as Self),
                    Json::Float(number) => Ok(number as Self),
                    other => misfit("a number", &other),
                }
            }
        }

        impl ToJson for $kind {
            fn to_json(&self) -> Json {
                Json::Float((*self).into())
            }
        }
    )*};
}
floats!(f32 f64);

impl FromJson for bool {
    fn from_json(json: Json) -> Result<Self, String> {
        match json {
            Json::Bool(is_so) => Ok(is_so),
            other => misfit("a boolean", &other),
        }
    }
}

impl ToJson for bool {
    fn to_json(&self) -> Json {
        Json::Bool(*self)
    }
}

impl FromJson for char {
    fn from_json(json: Json) -> Result<Self, String> {
        let text = String::from_json(json)?;
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) => Ok(only),
            _ => Err("a text of one character is wanted".into()),
        }
    }
}

impl ToJson for char {
    fn to_json(&self) -> Json {
        Json::String(self.to_string())
    }
}

impl FromJson for String {
    fn from_json(json: Json) -> Result<Self, String> {
        match json {
            Json::String(text) => Ok(text),
            other => misfit("a text", &other),
        }
    }
}

impl ToJson for String {
    fn to_json(&self) -> Json {
        Json::String(self.clone())
    }
}

impl ToJson for str {
    fn to_json(&self) -> Json {
        Json::String(self.to_owned())
    }
}

// What a function borrows lives until the program ends, which is after this one call.
impl FromJson for &'static str {
    fn from_json(json: Json) -> Result<Self, String> {
        String::from_json(json).map(|text| &*text.leak())
    }
}

impl<T: FromJson> FromJson for &'static [T] {
    fn from_json(json: Json) -> Result<Self, String> {
        Vec::from_json(json).map(|items| &*items.leak())
    }
}

macro_rules! borrowed {
    ($([$($bounds:tt)*] $kind:ty),* $(,)?) => {$(
        impl<$($bounds)*> FromJson for &'static $kind {
            fn from_json(json: Json) -> Result<Self, String> {
                <$kind>::from_json(json).map(|value| &*Box::leak(Box::new(value)))
            }
        }
    )*};
}
borrowed! {
    [] Json,
    [] String,
    [T: FromJson] Vec<T>,
    [K: FromStr + Ord, V: FromJson] BTreeMap<K, V>,
    [K: FromStr + Eq + Hash, V: FromJson] HashMap<K, V>,
}

impl<T: ToJson + ?Sized> ToJson for &T {
    fn to_json(&self) -> Json {
        (**self).to_json()
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn from_json(json: Json) -> Result<Self, String> {
        T::from_json(json).map(Self::new)
    }
}

impl<T: ToJson + ?Sized> ToJson for Box<T> {
    fn to_json(&self) -> Json {
        (**self).to_json()
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: Json) -> Result<Self, String> {
        if let Json::Null = json { Ok(None) } else { T::from_json(json).map(Some) }
    }

    fn missing() -> Option<Self> {
        Some(None)
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Json {
        self.as_ref().map_or(Json::Null, ToJson::to_json)
    }
}

fn items<T: FromJson, C: FromIterator<T>>(json: Json) -> Result<C, String> {
    let Json::Array(items) = json else { return misfit("a list", &json) };
    let read = |(place, item)| T::from_json(item).map_err(|error| format!("at place {place}: {error}"));
    items.into_iter().enumerate().map(read).collect()
}

fn list<'a, T: ToJson + 'a>(items: impl IntoIterator<Item = &'a T>) -> Json {
    Json::Array(items.into_iter().map(ToJson::to_json).collect())
}

macro_rules! lists {
    ($($kind:ident [$($bound:path),*]),* $(,)?) => {$(
        impl<T: FromJson $(+ $bound)*> FromJson for $kind<T> {
            fn from_json(json: Json) -> Result<Self, String> {
                items(json)
            }
        }

        impl<T: ToJson> ToJson for $kind<T> {
            fn to_json(&self) -> Json {
                list(self)
            }
        }
    )*};
}
lists!(Vec [], VecDeque [], BTreeSet [Ord], HashSet [Eq, Hash]);

impl<T: ToJson> ToJson for [T] {
    fn to_json(&self) -> Json {
        list(self)
    }
}

impl<T: FromJson, const N: usize> FromJson for [T; N] {
    fn from_json(json: Json) -> Result<Self, String> {
        let items: Vec<T> = items(json)?;
        let count = items.len();
        items.try_into().map_err(|_| format!("a list of {N} is wanted, and one of {count} is given"))
    }
}

impl<T: ToJson, const N: usize> ToJson for [T; N] {
    fn to_json(&self) -> Json {
        list(self)
    }
}

macro_rules! maps {
    ($($kind:ident [$($bound:path),*]),*) => {$(
        impl<K: FromStr $(+ $bound)*, V: FromJson> FromJson for $kind<K, V> {
            fn from_json(json: Json) -> Result<Self, String> {
                let Json::Object(fields) = json else { return misfit("an object", &json) };
                let read = |(key, value): (String, Json)| {
                    let value = V::from_json(value).map_err(|error| format!("at {key:?}: {error}"))?;
                    let key = key.parse().map_err(|_| format!("the key {key:?} does not fit"))?;
                    Ok((key, value))
                };
                fields.into_iter().map(read).collect()
            }
        }

        impl<K: ToString, V: ToJson> ToJson for $kind<K, V> {
            fn to_json(&self) -> Json {
                Json::Object(self.iter().map(|(key, value)| (key.to_string(), value.to_json())).collect())
            }
        }
    )*};
}
maps!(BTreeMap [Ord], HashMap [Eq, Hash]);

macro_rules! tuples {
    ($(($count:literal: $($kind:ident $place:tt),+))*) => {$(
        impl<$($kind: FromJson),+> FromJson for ($($kind,)+) {
            fn from_json(json: Json) -> Result<Self, String> {
                let parts = <[Json; $count]>::from_json(json)?;
                let mut parts = parts.into_iter().enumerate();
                Ok(($({
                    let (place, part) = parts.next().unwrap_or(($place, Json::Null));
                    $kind::from_json(part).map_err(|error| format!("at place {place}: {error}"))?
                },)+))
            }
        }

        impl<$($kind: ToJson),+> ToJson for ($($kind,)+) {
            fn to_json(&self) -> Json {
                Json::Array(vec![$(self.$place.to_json()),+])
            }
        }
    )*};
}
tuples! {
    (1: A 0) (2: A 0, B 1) (3: A 0, B 1, C 2) (4: A 0, B 1, C 2, D 3) (5: A 0, B 1, C 2, D 3, E 4)
    (6: A 0, B 1, C 2, D 3, E 4, F 5)
}
