use std::collections::BTreeMap;

use interview::{Json, ToJson};

/// One step of a patch.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    Add { path: String, value: Json },
    Remove { path: String },
    Replace { path: String, value: Json },
}

impl ToJson for Operation {
    fn to_json(&self) -> Json {
        let (op, path, value) = match self {
            Self::Add { path, value } => ("add", path, Some(value)),
            Self::Remove { path } => ("remove", path, None),
            Self::Replace { path, value } => ("replace", path, Some(value)),
        };
        let mut fields = BTreeMap::from([("op".into(), op.to_json()), ("path".into(), path.to_json())]);
        fields.extend(value.map(|value| ("value".into(), value.clone())));
        Json::Object(fields)
    }
}

/// The operations that turn `before` into `after`, in the order to apply them.
pub fn diff_config(before: &Json, after: &Json) -> Vec<Operation> {
    Vec::new()
}
