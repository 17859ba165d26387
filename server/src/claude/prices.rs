//! What a model costs, from a dated file. It does not know which model is asked, and no price is written in code.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use service::ports::assistant::Usage;

const BUILT_IN: &str = include_str!("../../prices.toml");
const MILLION: u128 = 1_000_000;

/// The prices of all models.
#[derive(Clone, Debug)]
pub struct Prices {
    as_of: String,
    models: BTreeMap<String, ModelPrice>,
}

impl Prices {
    /// The prices this version came with.
    pub fn built_in() -> Self {
        Self::parse(BUILT_IN).expect("the built-in prices are tested")
    }

    /// The prices in a file of the operator's.
    pub fn read(path: &Path) -> Result<Self, PricesError> {
        Self::parse(&std::fs::read_to_string(path)?)
    }

    /// Reads the text of a price file.
    pub fn parse(text: &str) -> Result<Self, PricesError> {
        let file: File = toml::from_str(text)?;
        if !is_date(&file.as_of) {
            return Err(PricesError::Date(file.as_of));
        }
        let mut models = BTreeMap::new();
        for model in file.model {
            let price = ModelPrice::new(&model, &file.cache)?;
            if models.insert(model.id.clone(), price).is_some() {
                return Err(PricesError::Twice(model.id));
            }
        }
        Ok(Self { as_of: file.as_of, models })
    }

    /// When somebody last looked them up, as year-month-day.
    pub fn as_of(&self) -> &str {
        &self.as_of
    }

    /// What one model costs.
    pub fn model(&self, id: &str) -> Result<ModelPrice, PricesError> {
        self.models.get(id).cloned().ok_or_else(|| PricesError::UnknownModel {
            known: self.models.keys().cloned().collect::<Vec<_>>().join(", "),
            as_of: self.as_of.clone(),
            model: id.to_owned(),
        })
    }
}

/// What one model costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelPrice {
    tiers: Vec<Tier>,
}

impl ModelPrice {
    /// What one request cost, in millionths of a US dollar, rounded up. The tier depends on the request's own prompt, so
    /// usage of several requests must not be added up first.
    pub fn cost_microusd(&self, usage: Usage) -> u64 {
        let prompt = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens;
        let Some(tier) = self.tiers.iter().find(|tier| prompt <= tier.up_to_prompt_tokens) else { return 0 };
        let cost = u128::from(usage.input_tokens) * tier.input
            + u128::from(usage.output_tokens) * tier.output
            + u128::from(usage.cache_write_tokens) * tier.cache_write
            + u128::from(usage.cache_read_tokens) * tier.cache_read;
        u64::try_from(cost.div_ceil(MILLION)).unwrap_or(u64::MAX)
    }

    fn new(model: &ModelEntry, cache: &Cache) -> Result<Self, PricesError> {
        let invalid = || PricesError::Tiers(model.id.clone());
        let mut tiers = Vec::new();
        for tier in &model.tiers {
            tiers.push(Tier {
                up_to_prompt_tokens: tier.up_to_prompt_tokens.unwrap_or(u64::MAX),
                input: picodollars(tier.input).ok_or_else(invalid)?,
                output: picodollars(tier.output).ok_or_else(invalid)?,
                cache_write: picodollars(tier.input * cache.write).ok_or_else(invalid)?,
                cache_read: picodollars(tier.input * cache.read).ok_or_else(invalid)?,
            });
        }
        let rising = tiers.windows(2).all(|pair| pair[0].up_to_prompt_tokens < pair[1].up_to_prompt_tokens);
        let covering = tiers.last().is_some_and(|tier| tier.up_to_prompt_tokens == u64::MAX);
        if rising && covering { Ok(Self { tiers }) } else { Err(invalid()) }
    }
}

/// A price file that cannot be used, or a model it does not price.
#[derive(Debug, thiserror::Error)]
pub enum PricesError {
    /// It cannot be read.
    #[error("the price file cannot be read")]
    Unreadable(#[from] std::io::Error),
    /// It is not of the right form.
    #[error("the price file is not understood")]
    Malformed(#[from] toml::de::Error),
    /// It does not say when it was made.
    #[error("`as_of` in the price file is not a date like 2026-11-20: {0}")]
    Date(String),
    /// Two entries for one model.
    #[error("a model has two prices: {0}")]
    Twice(String),
    /// Prices that are no prices, or tiers that do not cover every prompt.
    #[error("a model's tiers must rise, end with one without a limit, and have prices of zero or more: {0}")]
    Tiers(String),
    /// No price is known for the model.
    #[error("no price is known for the model {model}; the price file of {as_of} has {known}")]
    UnknownModel {
        /// The model that was asked for.
        model: String,
        /// When the prices were looked up.
        as_of: String,
        /// The models that have a price.
        known: String,
    },
}

/// Prices of one token in millionths of a millionth of a US dollar, for prompts up to a size.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tier {
    up_to_prompt_tokens: u64,
    input: u128,
    output: u128,
    cache_write: u128,
    cache_read: u128,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    as_of: String,
    cache: Cache,
    model: Vec<ModelEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cache {
    write: f64,
    read: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelEntry {
    id: String,
    tiers: Vec<TierEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TierEntry {
    up_to_prompt_tokens: Option<u64>,
    input: f64,
    output: f64,
}

/// Dollars per million tokens are millionths of a dollar per token; this counts in millionths of those.
fn picodollars(dollars_per_million: f64) -> Option<u128> {
    let sensible = (0.0..=100_000.0).contains(&dollars_per_million);
    sensible.then(|| (dollars_per_million * 1_000_000.0).round() as u128)
}

fn is_date(text: &str) -> bool {
    let digits = |range| text.get(range).is_some_and(|part: &str| part.bytes().all(|byte| byte.is_ascii_digit()));
    text.len() == 10 && digits(0..4) && digits(5..7) && digits(8..10) && text[4..5] == *"-" && text[7..8] == *"-"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(input: u64, output: u64, cache_read: u64, cache_write: u64) -> Usage {
        Usage {
            input_tokens: input,
            output_tokens: output,
            cache_read_tokens: cache_read,
            cache_write_tokens: cache_write,
        }
    }

    #[test]
    fn a_request_costs_what_the_published_prices_say() {
        let sonnet = Prices::built_in().model("claude-sonnet-5-5").expect("a known model");
        assert_eq!(sonnet.cost_microusd(usage(1_000_000, 0, 0, 0)), 2_000_000);
        assert_eq!(sonnet.cost_microusd(usage(0, 1_000_000, 0, 0)), 10_000_000);
        assert_eq!(sonnet.cost_microusd(usage(0, 0, 1_000_000, 0)), 200_000);
        assert_eq!(sonnet.cost_microusd(usage(0, 0, 0, 1_000_000)), 2_500_000);
        assert_eq!(sonnet.cost_microusd(usage(100, 10, 1_000, 200)), 200 + 100 + 200 + 500);
        let opus = Prices::built_in().model("claude-opus-5-5").expect("a known model");
        assert_eq!(opus.cost_microusd(usage(1_000, 1_000, 0, 0)), 24_000);
    }

    #[test]
    fn a_long_prompt_is_in_the_dearer_tier_whether_or_not_it_was_cached() {
        let haiku = Prices::built_in().model("claude-haiku-5-5").expect("a known model");
        assert_eq!(haiku.cost_microusd(usage(100_000, 1_000, 0, 0)), 10_000 + 500);
        assert_eq!(haiku.cost_microusd(usage(100_001, 0, 0, 0)), 50_001);
        assert_eq!(haiku.cost_microusd(usage(1, 0, 100_000, 0)), 5_001);
    }

    #[test]
    fn a_fraction_of_a_millionth_is_rounded_up() {
        let haiku = Prices::built_in().model("claude-haiku-5-5").expect("a known model");
        assert_eq!(haiku.cost_microusd(usage(0, 0, 1, 0)), 1);
        assert_eq!(haiku.cost_microusd(usage(0, 0, 0, 0)), 0);
    }

    #[test]
    fn an_unknown_model_is_named() {
        let error = Prices::built_in().model("claude-sonnet-4-5").unwrap_err();
        let text = error.to_string();
        assert!(text.contains("claude-sonnet-4-5") && text.contains("claude-sonnet-5-5"), "{text}");
        assert!(text.contains(Prices::built_in().as_of()), "{text}");
    }

    #[test]
    fn a_file_that_would_count_wrongly_is_refused() {
        let file = |as_of: &str, tiers: &str| {
            Prices::parse(&format!(
                "as_of = \"{as_of}\"\ncache = {{ write = 1.25, read = 0.1 }}\nmodel = [{{ id = \"m\", tiers = [{tiers}] }}]"
            ))
        };
        assert!(file("2026-11-20", "{ input = 1, output = 2 }").is_ok());
        assert!(matches!(file("yesterday", "{ input = 1, output = 2 }"), Err(PricesError::Date(_))));
        assert!(matches!(file("2026-11-20", ""), Err(PricesError::Tiers(_))));
        assert!(matches!(file("2026-11-20", "{ input = -1, output = 2 }"), Err(PricesError::Tiers(_))));
        let limited = "{ up_to_prompt_tokens = 5, input = 1, output = 2 }";
        assert!(matches!(file("2026-11-20", limited), Err(PricesError::Tiers(_))));
        assert!(matches!(file("2026-11-20", "{ input = 1 }"), Err(PricesError::Malformed(_))));
    }
}
