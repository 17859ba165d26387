//! What the operator decides, read once at the start from the environment and the file `.env`.
//!
//! Everything is checked here, at the door: a value that is wrong stops the start with one sentence that names it, and
//! behind this door nobody reads the environment again.

mod secret;
mod settings;

use std::env;
use std::ffi::OsString;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use leptos::config::{Env, LeptosOptions};
use reqwest::Url;
use service::ports::Limits;

use crate::who::Proxies;
pub use secret::Secret;
use settings::Given;
pub use settings::{SETTINGS, Setting};

/// The fewest characters of an owner's password.
const SHORTEST_PASSWORD: usize = 8;

/// Everything the operator decides.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// Where the server listens, and where the built pages are.
    pub site: LeptosOptions,
    /// How the outside reaches this server, without a slash at the end; links begin with it.
    pub public_url: String,
    /// What stands between clients and this server.
    pub proxies: Proxies,
    /// Everything the server keeps.
    pub data_dir: PathBuf,
    /// The database's address for `store`.
    pub database: String,
    /// The question bank.
    pub problems_dir: PathBuf,
    /// The languages' tools that are not the system's.
    pub tools_dir: PathBuf,
    /// The first reviewer.
    pub owner: Owner,
    /// Who answers the candidates.
    pub assistant: AssistantChoice,
    /// What makes the boxes.
    pub sandbox: SandboxChoice,
    /// What a box may use.
    pub limits: Limits,
    /// How many boxes wait for whoever comes next.
    pub warm_boxes: usize,
    /// How many runs this machine does at once.
    pub runs_at_once: usize,
    /// How long an invitation opens something new.
    pub invitation_days: u32,
    /// What is logged, in `RUST_LOG`'s language.
    pub log_filter: String,
}

/// The account that a fresh start makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// To sign in with.
    pub email: String,
    /// Without one, the server makes one up and prints it.
    pub password: Option<Secret>,
}

/// Who answers the candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssistantChoice {
    /// The built-in assistant, which is not a language model and needs no key.
    Practice,
    /// Claude, or whatever speaks its protocol.
    Claude {
        /// The key.
        key: Secret,
        /// Where it is.
        base_url: String,
        /// Which model.
        model: String,
        /// What models cost; without one, the prices that came with the server.
        prices_file: Option<PathBuf>,
    },
}

/// What makes the boxes for candidates' programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SandboxChoice {
    /// This machine's own walls.
    Bubblewrap,
    /// A container engine.
    Docker {
        /// Where it listens.
        host: String,
    },
}

/// What is wrong with the configuration, in one sentence that names the setting.
#[derive(Debug, thiserror::Error)]
pub enum ConfigurationError {
    /// Nobody reads it: most likely a typing error.
    #[error("{0} is not a setting of this server; .env.example lists them all")]
    Unknown(String),
    /// It cannot be understood.
    #[error("{name} must be {wanted}{got}")]
    Malformed {
        /// The setting.
        name: &'static str,
        /// What it must be.
        wanted: String,
        /// What it is, where that may be shown.
        got: String,
    },
    /// It makes sense only with another.
    #[error("{name} is set but {needed} is not: set {needed} as well, or take {name} away")]
    Alone {
        /// The setting.
        name: &'static str,
        /// The one that is missing.
        needed: &'static str,
    },
    /// Its bytes are no text.
    #[error("{0} is not valid UTF-8")]
    NotText(String),
    /// The file `.env` is there and cannot be read.
    #[error(".env cannot be read: {0}")]
    EnvFile(dotenvy::Error),
}

impl ConfigurationError {
    fn malformed(name: &'static str, wanted: impl Into<String>, got: &str) -> Self {
        Self::Malformed { name, wanted: wanted.into(), got: format!(", not `{got}`") }
    }

    /// As [`Self::malformed`], for a value that may hold a password.
    fn malformed_secret(name: &'static str, wanted: impl Into<String>) -> Self {
        Self::Malformed { name, wanted: wanted.into(), got: String::new() }
    }
}

impl Configuration {
    /// Reads `.env` in the working folder, if it is there, and the environment, which has the last word.
    pub fn from_environment() -> Result<Self, ConfigurationError> {
        let mut pairs = read_env_file(Path::new(".env"))?;
        for (name, value) in env::vars_os() {
            pairs.extend(as_text(name, value)?);
        }
        Self::from_pairs(pairs)
    }

    /// The configuration that these names and values make. A later pair replaces an earlier one; an empty value counts
    /// as not set; names of other programs are passed over.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, ConfigurationError> {
        let given = Given::new(pairs)?;
        let data_dir = PathBuf::from(given.text("INTERVIEWLM_DATA_DIR"));
        let site = site(&given)?;
        Ok(Self {
            public_url: public_url(&given, site.site_addr)?,
            site,
            proxies: Proxies(given.number("INTERVIEWLM_PROXIES", 0..=8)?),
            database: database(&given, &data_dir)?,
            data_dir,
            problems_dir: PathBuf::from(given.text("INTERVIEWLM_PROBLEMS_DIR")),
            tools_dir: tools_dir(&given)?,
            owner: owner(&given)?,
            assistant: assistant(&given)?,
            sandbox: sandbox(&given)?,
            limits: limits(&given)?,
            warm_boxes: given.number("INTERVIEWLM_WARM_BOXES", 0..=64)? as usize,
            runs_at_once: given.number("INTERVIEWLM_RUNS_AT_ONCE", 1..=256)? as usize,
            invitation_days: given.number("INTERVIEWLM_INVITATION_DAYS", 1..=365)?,
            log_filter: given.text("RUST_LOG").to_owned(),
        })
    }
}

fn read_env_file(path: &Path) -> Result<Vec<(String, String)>, ConfigurationError> {
    match dotenvy::from_path_iter(path) {
        Ok(pairs) => pairs.collect::<Result<_, _>>().map_err(ConfigurationError::EnvFile),
        Err(dotenvy::Error::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(ConfigurationError::EnvFile(error)),
    }
}

/// A variable as text. One that is no text concerns us only when it is ours.
fn as_text(name: OsString, value: OsString) -> Result<Option<(String, String)>, ConfigurationError> {
    let Ok(name) = name.into_string() else { return Ok(None) };
    match value.into_string() {
        Ok(value) => Ok(Some((name, value))),
        Err(_) if SETTINGS.iter().any(|setting| setting.name == name) => Err(ConfigurationError::NotText(name)),
        Err(_) => Ok(None),
    }
}

/// The framework's own settings. `cargo leptos` sets them; a release started by hand finds what it needs without.
fn site(given: &Given) -> Result<LeptosOptions, ConfigurationError> {
    let is_release = !cfg!(debug_assertions);
    let yes_or_no = "true or false";
    Ok(LeptosOptions::builder()
        .output_name(given.set("LEPTOS_OUTPUT_NAME").unwrap_or("interviewlm"))
        .site_root(given.text("LEPTOS_SITE_ROOT"))
        .site_pkg_dir(given.set("LEPTOS_SITE_PKG_DIR").unwrap_or("pkg"))
        .env(if is_release { Env::PROD } else { Env::DEV })
        .site_addr(given.parsed::<SocketAddr>("LEPTOS_SITE_ADDR", "an address and a port such as 127.0.0.1:3000")?)
        .reload_port(match given.set("LEPTOS_RELOAD_PORT") {
            Some(_) => given.parsed::<u16>("LEPTOS_RELOAD_PORT", "a port number")?.into(),
            None => 3001,
        })
        .hash_file(given.set("LEPTOS_HASH_FILE_NAME").unwrap_or("hash.txt").into())
        .hash_files(match given.set("LEPTOS_HASH_FILES") {
            Some(_) => given.parsed("LEPTOS_HASH_FILES", yes_or_no)?,
            None => is_release,
        })
        .build())
}

fn public_url(given: &Given, address: SocketAddr) -> Result<String, ConfigurationError> {
    let name = "INTERVIEWLM_PUBLIC_URL";
    let Some(text) = given.set(name) else {
        return Ok(format!("http://{}", reachable(address)));
    };
    let is_right = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
    };
    match Url::parse(text).ok().filter(is_right) {
        Some(url) => Ok(url.as_str().trim_end_matches('/').to_owned()),
        None => Err(ConfigurationError::malformed(name, "an address such as https://interviews.example.com", text)),
    }
}

/// The address as a browser on this machine would write it: "everywhere" is no place to go to.
fn reachable(address: SocketAddr) -> String {
    match address.ip() {
        ip if !ip.is_unspecified() => address.to_string(),
        IpAddr::V4(_) | IpAddr::V6(_) => format!("localhost:{}", address.port()),
    }
}

fn database(given: &Given, data_dir: &Path) -> Result<String, ConfigurationError> {
    let name = "DATABASE_URL";
    match given.set(name) {
        None => Ok(format!("sqlite:{}", data_dir.join("interviewlm.db").display())),
        Some(address) if address.starts_with("sqlite:") && address.len() > "sqlite:".len() => Ok(address.to_owned()),
        Some(_) => Err(ConfigurationError::malformed_secret(
            name,
            "the address of an SQLite file such as sqlite:data/interviewlm.db; other databases, PostgreSQL among them, \
             are not supported yet",
        )),
    }
}

fn tools_dir(given: &Given) -> Result<PathBuf, ConfigurationError> {
    let below_home = || given.set("HOME").map(|home| Path::new(home).join(".cache"));
    let cache = || given.set("XDG_CACHE_HOME").map(PathBuf::from).or_else(below_home);
    given
        .set("INTERVIEWLM_TOOLS_DIR")
        .map(PathBuf::from)
        .or_else(|| Some(cache()?.join("interviewlm/tools")))
        .ok_or_else(|| {
            let wanted = "set where there is no HOME: the folder of the languages' tools";
            ConfigurationError::malformed_secret("INTERVIEWLM_TOOLS_DIR", wanted)
        })
}

fn owner(given: &Given) -> Result<Owner, ConfigurationError> {
    let email = given.text("INTERVIEWLM_OWNER_EMAIL").to_lowercase();
    let is_address = email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
    if !is_address || email.contains(char::is_whitespace) {
        return Err(ConfigurationError::malformed("INTERVIEWLM_OWNER_EMAIL", "an e-mail address", &email));
    }
    let password = given.set("INTERVIEWLM_OWNER_PASSWORD");
    if password.is_some_and(|password| password.chars().count() < SHORTEST_PASSWORD) {
        let wanted = format!("at least {SHORTEST_PASSWORD} characters long");
        return Err(ConfigurationError::malformed_secret("INTERVIEWLM_OWNER_PASSWORD", wanted));
    }
    Ok(Owner { email, password: password.map(Secret::new) })
}

fn assistant(given: &Given) -> Result<AssistantChoice, ConfigurationError> {
    let needed = "ANTHROPIC_API_KEY";
    let Some(key) = given.set(needed) else {
        let alone = ["ANTHROPIC_BASE_URL", "INTERVIEWLM_MODEL", "INTERVIEWLM_PRICES_FILE"];
        return match alone.into_iter().find(|name| given.set(name).is_some()) {
            Some(name) => Err(ConfigurationError::Alone { name, needed }),
            None => Ok(AssistantChoice::Practice),
        };
    };
    if key.contains(|c: char| !c.is_ascii_graphic()) {
        return Err(ConfigurationError::malformed_secret(needed, "a key without spaces"));
    }
    let base_url = given.text("ANTHROPIC_BASE_URL").trim_end_matches('/');
    let is_http = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    if !Url::parse(base_url).is_ok_and(|url| is_http(&url)) {
        return Err(ConfigurationError::malformed("ANTHROPIC_BASE_URL", "an http or https address", base_url));
    }
    Ok(AssistantChoice::Claude {
        key: Secret::new(key),
        base_url: base_url.to_owned(),
        model: given.text("INTERVIEWLM_MODEL").to_owned(),
        prices_file: given.set("INTERVIEWLM_PRICES_FILE").map(PathBuf::from),
    })
}

fn sandbox(given: &Given) -> Result<SandboxChoice, ConfigurationError> {
    let name = "INTERVIEWLM_SANDBOX";
    match given.text(name) {
        "bubblewrap" => Ok(SandboxChoice::Bubblewrap),
        "docker" => Ok(SandboxChoice::Docker { host: docker_host(given)? }),
        other => Err(ConfigurationError::malformed(name, "bubblewrap or docker", other)),
    }
}

fn docker_host(given: &Given) -> Result<String, ConfigurationError> {
    let name = "DOCKER_HOST";
    let host = given.text(name);
    let is_socket = host.strip_prefix("unix://").is_some_and(|path| path.starts_with('/'));
    let is_address = Url::parse(host).is_ok_and(|url| url.scheme() == "tcp" && url.has_host() && url.port().is_some());
    match is_socket || is_address {
        true => Ok(host.to_owned()),
        false => Err(ConfigurationError::malformed(name, "unix:///path/to/socket or tcp://host:port", host)),
    }
}

fn limits(given: &Given) -> Result<Limits, ConfigurationError> {
    let wall_millis = u64::from(given.number("INTERVIEWLM_RUN_SECONDS", 1..=600)?) * 1000;
    Ok(Limits {
        wall_millis,
        // Compilers work on several processors at once, and have more time than a command.
        cpu_millis: (wall_millis * 2).max(Limits::default().cpu_millis),
        memory_bytes: u64::from(given.number("INTERVIEWLM_RUN_MEMORY_MIB", 64..=65_536)?) << 20,
        processes: given.number("INTERVIEWLM_RUN_PROCESSES", 16..=4096)?,
        output_bytes: u64::from(given.number("INTERVIEWLM_RUN_OUTPUT_KIB", 1..=16_384)?) << 10,
        ..Limits::default()
    })
}

#[cfg(test)]
mod tests;
