//! The image that boxes are made from: whether it fits this server, and what is in it.
//!
//! How languages are run lies in the image, so one of another version would judge code in another way. No box is made from it.

use std::collections::BTreeMap;

use bollard::models::ImageInspect;
use service::ports::{Outfit, SandboxError};

/// The image that `make sandbox-image` makes.
pub(super) const IMAGE: &str = "localhost/interviewlm-sandbox:latest";
/// The label that names how languages are run in it.
const LANGUAGES: &str = "org.interviewlm.languages";
/// The label that lists its tools: `go=1.27.3 node=24.19.0`.
const TOOLS: &str = "org.interviewlm.tools";

/// An image that fits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Image {
    /// Its own name, which no other image takes over.
    pub(super) id: String,
    /// What it brings along.
    pub(super) outfit: Outfit,
}

impl Image {
    /// An image as the engine describes it, if languages are run in it as in this server.
    pub(super) fn of(found: ImageInspect, languages: &str) -> Result<Self, SandboxError> {
        let labels = found.config.and_then(|config| config.labels).unwrap_or_default();
        if labels.get(LANGUAGES).map(String::as_str) != Some(languages) {
            return Err(SandboxError::Unavailable(format!(
                "the image {IMAGE} was made by another version of InterviewLM: make it again with make sandbox-image"
            )));
        }
        let tools = labels.get(TOOLS).map_or_else(BTreeMap::new, |listed| tools(listed));
        Ok(Self { id: found.id.ok_or_else(missing)?, outfit: Outfit { tools } })
    }
}

fn tools(listed: &str) -> BTreeMap<String, String> {
    let pairs = listed.split_whitespace().filter_map(|tool| tool.split_once('='));
    pairs.map(|(name, version)| (name.to_owned(), version.to_owned())).collect()
}

/// There is none.
pub(super) fn missing() -> SandboxError {
    SandboxError::Unavailable(format!("the engine has no image {IMAGE}: make it with make sandbox-image"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use bollard::models::ImageConfig;

    use super::*;

    fn labelled(labels: &[(&str, &str)]) -> ImageInspect {
        let labels: HashMap<_, _> = labels.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
        let config = ImageConfig { labels: Some(labels), ..ImageConfig::default() };
        ImageInspect { id: Some("sha256:1".into()), config: Some(config), ..ImageInspect::default() }
    }

    #[test]
    fn the_tools_of_an_image_are_read_off_its_label() {
        let image = Image::of(labelled(&[(LANGUAGES, "now"), (TOOLS, "go=1.27.3 odd node=24.19.0")]), "now");
        let tools = [("go", "1.27.3"), ("node", "24.19.0")].map(|(name, version)| (name.into(), version.into()));
        assert_eq!(image.expect("it fits"), Image { id: "sha256:1".into(), outfit: Outfit { tools: tools.into() } });
    }

    #[test]
    fn an_image_of_another_version_is_refused() {
        let without = ImageInspect { id: Some("sha256:1".into()), ..ImageInspect::default() };
        for image in [labelled(&[(LANGUAGES, "before")]), labelled(&[]), without] {
            let refused = Image::of(image, "now").expect_err("it does not fit").to_string();
            assert!(refused.ends_with("make it again with make sandbox-image"), "{refused}");
        }
    }
}
