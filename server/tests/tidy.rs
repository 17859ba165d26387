//! Keeps the house in order: who may import whom, how long a file may be, how it opens. It reads sources and manifests
//! only, and says what to do about what it finds.

use std::fs;
use std::path::{Path, PathBuf};

use toml::Table;
use walkdir::WalkDir;

#[path = "tidy/paths.rs"]
mod paths;

use paths::paths_of;

/// Where a file is questioned in review and here refused.
const LONGEST_FILE: usize = 600;

const CRATES: [&str; 7] = ["interview", "service", "store", "sandbox", "app", "server", "frontend"];

/// What each crate may use of the others, and what it must not use of the rest of the world.
const EDGES: [Edges; 6] = [
    Edges {
        of: "interview",
        ours: &[],
        never: &["tokio", "sqlx", "axum", "leptos", "web-sys", "rand"],
        instead: "the domain is pure: take what you need as an argument",
    },
    Edges {
        of: "service",
        ours: &["interview"],
        never: &["sqlx", "axum", "leptos", "reqwest", "nix", "rustix"],
        instead: "add a method to a port in service/src/ports.rs and do it in the crate behind that port",
    },
    Edges {
        of: "store",
        ours: &["interview", "service"],
        never: &["axum", "leptos"],
        instead: "the store keeps and finds; decide in service, show in app",
    },
    Edges {
        of: "sandbox",
        ours: &["interview", "service"],
        never: &["axum", "leptos", "sqlx"],
        instead: "the sandbox runs and watches; decide in service, show in app",
    },
    Edges {
        of: "app",
        ours: &["interview", "service"],
        never: &["sqlx"],
        instead: "ask service through a server function in the feature's api.rs",
    },
    Edges {
        of: "frontend",
        ours: &["app"],
        never: &[],
        instead: "the entry point stays under twenty lines: put it into app",
    },
];

/// The outside crates that the browser's entry point may use.
const FRONTEND_MAY: [&str; 3] = ["leptos", "wasm-bindgen", "console_error_panic_hook"];

/// What of the standard library reaches outside the domain.
const IMPURE: [&str; 7] =
    ["std::fs", "std::net", "std::thread", "std::env", "std::process", "std::time::Instant", "std::time::SystemTime"];

/// The domain's streams: only the stage, and the fact that names them, see more than one.
const STREAMS: [&str; 5] = ["session", "editor", "terminal", "chat", "run"];

/// The app's features: each may use `ui` and `shell`.
const FEATURES: [&str; 6] = ["home", "start", "room", "replay", "dashboard", "account"];

/// One line of the table of who may import whom.
struct Edges {
    of: &'static str,
    ours: &'static [&'static str],
    never: &'static [&'static str],
    instead: &'static str,
}

impl Edges {
    fn forbids(&self, dependency: &str) -> bool {
        let is_of_family = |name: &str| {
            dependency.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['_', '-']))
        };
        let is_foreign = CRATES.contains(&dependency) && dependency != self.of && !self.ours.contains(&dependency);
        is_foreign || self.never.iter().any(|name| is_of_family(name))
    }
}

#[test]
fn manifests_keep_the_edges() {
    let mut faults = Vec::new();
    for edges in &EDGES {
        for dependency in dependencies_of(edges.of) {
            if edges.forbids(&dependency) {
                faults.push(format!("{}/Cargo.toml depends on {dependency}: {}", edges.of, edges.instead));
            }
        }
    }
    report(&faults);
}

#[test]
fn only_the_tests_of_the_sandbox_can_take_a_wall_away() {
    let wanted = |name: &str| match name {
        // Once where it is made, once where the tests ask for it.
        "sandbox" => vec!["without-walls = []", r#"sandbox = { path = ".", features = ["without-walls"] }"#],
        _ => vec![],
    };
    for name in CRATES {
        let manifest = read(&root().join(name).join("Cargo.toml"));
        let found: Vec<&str> = manifest.lines().filter(|line| line.contains("without-walls")).collect();
        assert_eq!(found, wanted(name), "{name}: a release must not be able to make boxes with a wall missing");
    }
    assert!(!read(&root().join("Cargo.toml")).contains("without-walls"));
    assert!(manifest_of("sandbox")["dev-dependencies"].get("sandbox").is_some(), "it is asked for by tests alone");
}

#[test]
fn the_entry_points_of_the_browser_depend_on_four_crates() {
    let allowed = |dependency: &String| dependency == "app" || FRONTEND_MAY.contains(&dependency.as_str());
    let faults: Vec<String> = ["frontend", "frontend/room", "frontend/replay"]
        .into_iter()
        .flat_map(|entry| dependencies_of(entry).into_iter().map(move |dependency| (entry, dependency)))
        .filter(|(_, dependency)| !allowed(dependency))
        .map(|(entry, dependency)| format!("{entry}/Cargo.toml depends on {dependency}: put what needs it into app"))
        .collect();
    report(&faults);
}

#[test]
fn the_app_knows_the_service_on_the_server_only() {
    let manifest = manifest_of("app");
    let optional = manifest["dependencies"].get("service").and_then(|service| service.get("optional"));
    assert!(
        optional.and_then(toml::Value::as_bool) == Some(true),
        "app/Cargo.toml must depend on service with `optional = true`, enabled by its feature `ssr` alone"
    );
    let enabling: Vec<&String> = manifest["features"]
        .as_table()
        .expect("app has features")
        .iter()
        .filter(|(_, enables)| {
            enables.as_array().is_some_and(|all| all.iter().any(|one| one.as_str() == Some("dep:service")))
        })
        .map(|(feature, _)| feature)
        .collect();
    assert_eq!(enabling, ["ssr"], "only app's feature `ssr` may enable `dep:service`: the browser has no use for it");

    let faults: Vec<String> = sources_below("app/src")
        .filter(|path| !path.ends_with("api.rs") && uses(path, |used| used.starts_with("service::")))
        .map(|path| format!("{} uses service: only a feature's api.rs may, in a server function", path.display()))
        .collect();
    report(&faults);
}

#[test]
fn the_domain_never_reaches_outside() {
    let mut faults = Vec::new();
    for path in sources_below("interview/src") {
        for used in paths_in(&path) {
            if let Some(impure) = IMPURE.iter().find(|impure| is_within(&used, impure)) {
                faults.push(format!(
                    "{} uses {impure}: the domain is pure, take the value as an argument",
                    path.display()
                ));
            }
        }
    }
    report(&faults);
}

#[test]
fn streams_never_import_each_other() {
    report(&siblings_importing_each_other(
        "interview/src",
        &STREAMS,
        "let stage, which sees them all, bring them together",
    ));
}

#[test]
fn features_never_import_each_other() {
    report(&siblings_importing_each_other("app/src", &FEATURES, "move what both need into ui or shell"));
}

#[test]
fn every_file_is_short_enough_to_read() {
    let mut faults = Vec::new();
    for path in all_sources() {
        let lines = read(&path).lines().count();
        if lines > LONGEST_FILE {
            faults.push(format!(
                "{} has {lines} lines, and {LONGEST_FILE} are the most: split it where it has two subjects",
                path.display()
            ));
        }
    }
    report(&faults);
}

#[test]
fn every_file_opens_by_saying_what_it_is() {
    let faults: Vec<String> = all_sources()
        .filter(|path| !read(path).starts_with("//!"))
        .map(|path| format!("{} must open with `//!`: what it is, and what it refuses to do", path.display()))
        .collect();
    report(&faults);
}

#[test]
fn no_file_is_called_mod() {
    let faults: Vec<String> = all_sources()
        .filter(|path| path.ends_with("mod.rs"))
        .map(|path| format!("{} must move: the house has `foo.rs` beside `foo/`", path.display()))
        .collect();
    report(&faults);
}

/// Faults of modules under `folder` that use one another.
fn siblings_importing_each_other(folder: &str, siblings: &[&str], instead: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for path in sources_below(folder) {
        let module = module_of(&path, folder);
        let Some(own) = siblings.iter().find(|sibling| module.first().is_some_and(|first| first == *sibling)) else {
            continue;
        };
        for used in paths_in(&path) {
            let target = absolute(&used, &module);
            if let Some(other) =
                siblings.iter().find(|other| *other != own && is_within(&target, &format!("crate::{other}")))
            {
                faults.push(format!("{} uses {other}: {instead}", path.display()));
            }
        }
    }
    faults.dedup();
    faults
}

/// A path from `crate` on, given the module whose file it stands in.
fn absolute(used: &str, module: &[String]) -> String {
    let mut place = module;
    let mut rest = used.strip_prefix("self::").unwrap_or(used);
    while let Some(above) = rest.strip_prefix("super::") {
        place = &place[..place.len().saturating_sub(1)];
        rest = above;
    }
    if rest == used {
        return used.to_owned();
    }
    place.iter().fold("crate".to_owned(), |path, part| path + "::" + part) + "::" + rest
}

/// The module that a file is: `src/room/editor.rs` is `room`, `editor`.
fn module_of(path: &Path, folder: &str) -> Vec<String> {
    let inside = path.strip_prefix(folder).expect("a source of that folder").with_extension("");
    inside.iter().map(|part| part.to_string_lossy().into_owned()).filter(|part| part != "lib").collect()
}

fn is_within(used: &str, path: &str) -> bool {
    used.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn uses(path: &Path, is_wanted: impl Fn(&str) -> bool) -> bool {
    paths_in(path).iter().any(|used| is_wanted(used))
}

fn paths_in(path: &Path) -> Vec<String> {
    paths_of(&read(path))
}

/// The names of everything that a crate's manifest lists: for use, for tests and for building.
fn dependencies_of(name: &str) -> Vec<String> {
    let manifest = manifest_of(name);
    ["dependencies", "dev-dependencies", "build-dependencies"]
        .iter()
        .filter_map(|kind| manifest.get(*kind)?.as_table())
        .flat_map(|dependencies| dependencies.keys().cloned())
        .collect()
}

fn manifest_of(name: &str) -> Table {
    read(&Path::new(name).join("Cargo.toml")).parse().expect("a manifest is TOML")
}

/// All Rust sources of ours, by their path from the root.
fn all_sources() -> impl Iterator<Item = PathBuf> {
    CRATES.into_iter().flat_map(sources_below)
}

fn sources_below(folder: &str) -> impl Iterator<Item = PathBuf> + use<> {
    WalkDir::new(root().join(folder))
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.file_name() != "node_modules" && entry.file_name() != "target")
        .map(|entry| entry.expect("our sources can be read").into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| path.strip_prefix(root()).expect("below the root").to_path_buf())
}

fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the server lies in the workspace").to_path_buf()
}

fn report(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
