//! Every door of the configuration: what is let in, and what the operator reads when it is not.

use super::*;

/// The configuration of these settings, on a machine where somebody has a home.
fn configured(settings: &[(&str, &str)]) -> Result<Configuration, ConfigurationError> {
    let home = [("HOME", "/home/ada")];
    Configuration::from_pairs(home.iter().chain(settings).map(|(name, value)| (name.to_string(), value.to_string())))
}

/// What an operator reads when these settings are refused.
fn refusal(settings: &[(&str, &str)]) -> String {
    configured(settings).expect_err("these settings must be refused").to_string()
}

#[test]
fn nothing_set_is_a_server_on_this_machine_with_the_practice_assistant() {
    let configuration = configured(&[]).expect("defaults are right");
    assert_eq!(configuration.public_url, "http://127.0.0.1:3000");
    assert_eq!(configuration.database, "sqlite:./data/interviewlm.db");
    assert_eq!(configuration.tools_dir, Path::new("/home/ada/.cache/interviewlm/tools"));
    assert_eq!(configuration.assistant, AssistantChoice::Practice);
    assert_eq!(configuration.limits, Limits::default());
    assert_eq!(configuration.owner.password, None);
}

#[test]
fn a_typing_error_in_a_name_is_refused_by_name() {
    assert_eq!(
        refusal(&[("INTERVIEWLM_RUN_SECOND", "5")]),
        "INTERVIEWLM_RUN_SECOND is not a setting of this server; .env.example lists them all"
    );
}

#[test]
fn names_of_other_programs_are_passed_over() {
    assert!(configured(&[("LEPTOS_WATCH", "on"), ("EDITOR", "vim"), ("ANTHROPIC_LOG", "debug")]).is_ok());
}

#[test]
fn an_empty_value_counts_as_not_set() {
    let configuration = configured(&[("ANTHROPIC_API_KEY", ""), ("INTERVIEWLM_RUN_SECONDS", " ")]);
    assert_eq!(configuration.expect("empty is unset").limits, Limits::default());
}

#[test]
fn the_later_of_two_values_counts() {
    let twice = [("INTERVIEWLM_RUN_SECONDS", "5"), ("INTERVIEWLM_RUN_SECONDS", "7")];
    assert_eq!(configured(&twice).expect("both are right").limits.wall_millis, 7_000);
}

#[test]
fn limits_come_in_the_units_of_their_names() {
    let given = [
        ("INTERVIEWLM_RUN_SECONDS", "5"),
        ("INTERVIEWLM_RUN_MEMORY_MIB", "256"),
        ("INTERVIEWLM_RUN_PROCESSES", "64"),
        ("INTERVIEWLM_RUN_OUTPUT_KIB", "16"),
    ];
    assert_eq!(
        configured(&given).expect("within bounds").limits,
        Limits {
            wall_millis: 5_000,
            cpu_millis: 60_000,
            memory_bytes: 256 << 20,
            processes: 64,
            output_bytes: 16 << 10,
            ..Limits::default()
        }
    );
}

#[test]
fn a_limit_that_is_no_number_or_out_of_bounds_is_refused_with_its_bounds() {
    let expected = "INTERVIEWLM_RUN_SECONDS must be a whole number from 1 to 600, not `";
    for wrong in ["soon", "-1", "0", "601", "1.5", "99999999999"] {
        assert_eq!(refusal(&[("INTERVIEWLM_RUN_SECONDS", wrong)]), format!("{expected}{wrong}`"));
    }
}

#[test]
fn links_begin_with_the_public_address_without_a_slash() {
    let configuration = configured(&[("INTERVIEWLM_PUBLIC_URL", "https://hire.example.com/")]);
    assert_eq!(configuration.expect("an address").public_url, "https://hire.example.com");
}

#[test]
fn a_public_address_that_no_link_can_begin_with_is_refused() {
    for wrong in ["hire.example.com", "ftp://hire.example.com", "https://hire.example.com/a", "https://x/?q"] {
        assert!(refusal(&[("INTERVIEWLM_PUBLIC_URL", wrong)]).starts_with("INTERVIEWLM_PUBLIC_URL must be"));
    }
}

#[test]
fn a_server_that_listens_everywhere_is_reached_at_localhost() {
    for everywhere in ["0.0.0.0:8080", "[::]:8080"] {
        let configuration = configured(&[("LEPTOS_SITE_ADDR", everywhere)]).expect("an address");
        assert_eq!(configuration.public_url, "http://localhost:8080");
    }
}

#[test]
fn an_address_without_a_port_is_refused() {
    assert_eq!(
        refusal(&[("LEPTOS_SITE_ADDR", "localhost")]),
        "LEPTOS_SITE_ADDR must be an address and a port such as 127.0.0.1:3000, not `localhost`"
    );
}

#[test]
fn the_database_follows_the_data_folder_unless_it_is_said() {
    let moved = configured(&[("INTERVIEWLM_DATA_DIR", "/srv/interviews")]).expect("a folder");
    assert_eq!(moved.database, "sqlite:/srv/interviews/interviewlm.db");
    let said = configured(&[("DATABASE_URL", "sqlite:/tmp/log.db")]).expect("an address");
    assert_eq!(said.database, "sqlite:/tmp/log.db");
}

#[test]
fn another_database_is_refused_without_telling_its_password() {
    let refused = refusal(&[("DATABASE_URL", "postgres://me:hunter2@db/interviews")]);
    assert!(refused.starts_with("DATABASE_URL must be the address of an SQLite file"), "{refused}");
    assert!(refused.contains("PostgreSQL") && !refused.contains("hunter2"), "{refused}");
}

#[test]
fn a_key_makes_claude_answer() {
    let configuration = configured(&[("ANTHROPIC_API_KEY", "key"), ("INTERVIEWLM_MODEL", "claude-opus-5-5")]);
    let expected = AssistantChoice::Claude {
        key: Secret::new("key"),
        base_url: "https://api.anthropic.com".to_owned(),
        model: "claude-opus-5-5".to_owned(),
        prices_file: None,
    };
    assert_eq!(configuration.expect("a key").assistant, expected);
}

#[test]
fn what_needs_a_key_is_refused_without_one() {
    for name in ["ANTHROPIC_BASE_URL", "INTERVIEWLM_MODEL", "INTERVIEWLM_PRICES_FILE"] {
        let refused = refusal(&[(name, "http://localhost:9")]);
        assert!(refused.starts_with(&format!("{name} is set but ANTHROPIC_API_KEY is not")), "{refused}");
    }
}

#[test]
fn a_base_address_that_is_none_is_refused() {
    let refused = refusal(&[("ANTHROPIC_API_KEY", "key"), ("ANTHROPIC_BASE_URL", "localhost")]);
    assert_eq!(refused, "ANTHROPIC_BASE_URL must be an http or https address, not `localhost`");
}

#[test]
fn an_owner_without_an_address_or_with_a_short_password_is_refused() {
    let refused = refusal(&[("INTERVIEWLM_OWNER_EMAIL", "ada")]);
    assert_eq!(refused, "INTERVIEWLM_OWNER_EMAIL must be an e-mail address, not `ada`");
    let refused = refusal(&[("INTERVIEWLM_OWNER_PASSWORD", "hunter2")]);
    assert_eq!(refused, "INTERVIEWLM_OWNER_PASSWORD must be at least 8 characters long");
}

#[test]
fn a_machine_without_a_home_has_to_say_where_the_tools_are() {
    let refused = Configuration::from_pairs([]).expect_err("there is no home").to_string();
    assert!(refused.starts_with("INTERVIEWLM_TOOLS_DIR must be set"), "{refused}");
}

#[test]
fn printing_a_configuration_shows_no_secret() {
    let secrets = [("ANTHROPIC_API_KEY", "sk-hunter2"), ("INTERVIEWLM_OWNER_PASSWORD", "hunter2hunter2")];
    let printed = format!("{:?}", configured(&secrets).expect("both are right"));
    assert!(!printed.contains("hunter2"), "{printed}");
}

#[test]
fn every_setting_is_documented_with_its_default() {
    let example = include_str!("../../../.env.example");
    let readme = include_str!("../../../README.md");
    for Setting { name, default } in SETTINGS {
        let line = format!("\n# {name}={default}");
        assert!(example.contains(&format!("{line}\n")), ".env.example must say `{}`", line.trim());
        let row = if default.is_empty() { format!("\n| `{name}` | ") } else { format!("\n| `{name}` | `{default}` |") };
        assert!(readme.contains(&row), "README.md's table must have the row `{}`", row.trim());
    }
}

#[test]
fn every_documented_setting_exists() {
    let example = include_str!("../../../.env.example");
    let documented = example.lines().filter_map(|line| line.strip_prefix("# ")?.split_once('=')).map(|(name, _)| name);
    for name in documented.filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_')) {
        assert!(SETTINGS.iter().any(|setting| setting.name == name), "nobody reads {name} of .env.example");
    }
}

#[test]
fn a_file_that_is_not_there_says_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(read_env_file(&folder.path().join(".env")).expect("nothing to read"), []);
}

#[test]
fn a_file_that_cannot_be_understood_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(".env");
    std::fs::write(&path, "INTERVIEWLM_RUN_SECONDS").expect("a file");
    assert!(read_env_file(&path).expect_err("no value").to_string().starts_with(".env cannot be read"));
}

#[test]
fn boxes_are_made_on_this_machine_unless_an_engine_is_chosen() {
    assert_eq!(configured(&[]).expect("defaults are right").sandbox, SandboxChoice::Bubblewrap);
    let usual = configured(&[("INTERVIEWLM_SANDBOX", "docker")]).expect("it is known").sandbox;
    assert_eq!(usual, SandboxChoice::Docker { host: "unix:///var/run/docker.sock".into() });
    let far = [("INTERVIEWLM_SANDBOX", "docker"), ("DOCKER_HOST", "tcp://10.0.0.7:2375")];
    let far = configured(&far).expect("it is an address").sandbox;
    assert_eq!(far, SandboxChoice::Docker { host: "tcp://10.0.0.7:2375".into() });
    assert_eq!(
        refusal(&[("INTERVIEWLM_SANDBOX", "chroot")]),
        "INTERVIEWLM_SANDBOX must be bubblewrap or docker, not `chroot`"
    );
    assert_eq!(
        refusal(&[("INTERVIEWLM_SANDBOX", "docker"), ("DOCKER_HOST", "ssh://somewhere")]),
        "DOCKER_HOST must be unix:///path/to/socket or tcp://host:port, not `ssh://somewhere`"
    );
}
