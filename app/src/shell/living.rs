//! Pages whose life is a program of its own: the room and the replay. The server renders a frame, and the program draws
//! itself in the frame's place. No other program takes such a page over, so nobody waits for what only other pages need.

use leptos::prelude::*;

/// Where the frame stands, and then the program.
const PLACE: &str = "place";

/// Whether that address is a room's or a replay's.
pub fn is_living(path: &str) -> bool {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    matches!(segments[..], ["interview" | "replay", _])
}

/// A page that is rendered on the server alone. Whoever comes to it from another page of ours gets it from there too.
#[component]
pub fn ServerPage<Rendering>(
    /// Renders it.
    render: fn(String) -> Rendering,
) -> impl IntoView
where
    Rendering: Future<Output = AnyView> + Send + 'static,
{
    let params = leptos_router::hooks::use_params_map();
    let id = move || params.with_untracked(|params| params.get("id").unwrap_or_default());
    #[cfg(feature = "ssr")]
    return view! { <Suspense>{move || Suspend::new(render(id()))}</Suspense> };
    #[cfg(not(feature = "ssr"))]
    {
        let _ = (render, id);
        let path = leptos_router::hooks::use_location().pathname;
        Effect::new(move || super::leaving::open_afresh(&path.get()));
    }
}

/// The frame, and the program that comes alive in its place.
#[component]
pub fn Living(
    /// Which program, and which function of it.
    begin: &'static str,
    /// What it is given, as JSON.
    given: String,
    /// The frame.
    children: Children,
) -> impl IntoView {
    view! {
        <div id=PLACE>{children()}</div>
        <NotWhole/>
        <Start begin given/>
    }
}

/// What stands in the frame's place when the program does not come.
#[component]
fn NotWhole() -> impl IntoView {
    view! {
        <div id="not-whole" class="page-center" hidden>
            <header><a class="brand" href="/">"InterviewLM"</a></header>
            <main class="sheet">
                <div role="alert">
                    <h1>"This page did not arrive whole"</h1>
                    <p class="lede">"The connection broke while it was loading. Nothing is lost."</p>
                </div>
                <a class="button button-primary" href="">"Try again"</a>
            </main>
        </div>
    }
}

#[cfg(feature = "ssr")]
mod start {
    use leptos::config::LeptosOptions;
    use leptos::nonce::use_nonce;
    use leptos::prelude::*;

    use super::PLACE;

    /// Where the programs are that draw a room or a replay.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Programs {
        folder: String,
        output: String,
        hashes: String,
    }

    impl Programs {
        /// Those that the build left, by the hashes of what is in them.
        pub fn find(options: &LeptosOptions) -> Self {
            let beside = std::env::current_exe().ok().and_then(|path| path.parent().map(|folder| folder.to_owned()));
            let hashes = beside.filter(|_| options.hash_files).map(|folder| folder.join(&*options.hash_file));
            let hashes = hashes.and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
            Self { folder: options.site_pkg_dir.to_string(), output: options.output_name.to_string(), hashes }
        }

        /// The address of a program's script (`js`) or wasm (`wasm`). A release has it apart; while somebody develops, it is
        /// part of the other pages' program.
        fn address(&self, program: &str, kind: &str) -> String {
            let apart = self.hash(&format!("{program}-{kind}")).map(|hash| format!("{program}.{hash}"));
            let of_all = || match self.hash(kind) {
                Some(hash) => format!("{}.{hash}", self.output),
                None => self.output.clone(),
            };
            format!("/{}/{}.{kind}", self.folder, apart.unwrap_or_else(of_all))
        }

        fn hash(&self, name: &str) -> Option<&str> {
            self.hashes.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(':')).map(str::trim)
        }
    }

    /// Fetches the program while the page is still being read, and lets it begin.
    #[component]
    pub fn Start(begin: &'static str, given: String) -> impl IntoView {
        let programs = expect_context::<Programs>();
        let (script, wasm) = (programs.address(begin, "js"), programs.address(begin, "wasm"));
        let nonce = use_nonce();
        // Within JSON this character stands in texts only, where it can be spelled out; so nothing ends the element early.
        let given = given.replace('<', "\\u003c");
        let starter = format!(
            r#"const program = await import("{script}").then(async (program) => {{
  await program.default({{ module_or_path: "{wasm}" }});
  return program;
}}).catch((error) => {{
  console.error(error);
  document.getElementById("{PLACE}").hidden = true;
  document.getElementById("not-whole").hidden = false;
}});
program?.{begin}(document.getElementById("given").textContent);"#
        );
        view! {
            <link rel="modulepreload" href=script crossorigin=nonce.clone()/>
            <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin=""/>
            <script id="given" type="application/json">{given}</script>
            <script type="module" nonce=nonce>{starter}</script>
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_program_is_the_one_apart_where_there_is_one() {
            let address = |hashes: &str, kind| {
                let programs =
                    Programs { folder: "pkg".to_owned(), output: "site".to_owned(), hashes: hashes.to_owned() };
                programs.address("room", kind)
            };
            let apart = "js: a\nwasm: b\nroom-js: d\nroom-wasm: e\n";
            assert_eq!(
                (address(apart, "js"), address(apart, "wasm")),
                ("/pkg/room.d.js".into(), "/pkg/room.e.wasm".into())
            );
            assert_eq!(address("js: a\nwasm: b\ncss: c\n", "wasm"), "/pkg/site.b.wasm");
            assert_eq!(address("", "js"), "/pkg/site.js");
        }
    }
}

#[cfg(feature = "ssr")]
pub use start::Programs;
#[cfg(feature = "ssr")]
use start::Start;

/// Only the server says which program begins.
#[cfg(not(feature = "ssr"))]
#[component]
fn Start(begin: &'static str, given: String) -> impl IntoView {
    let _ = (begin, given);
}

/// Draws a program in the frame's place, for as long as the page is there.
#[cfg(feature = "rooms")]
pub fn draw<Drawn: IntoView + 'static>(view: impl FnOnce() -> Drawn + 'static) {
    use leptos::wasm_bindgen::JsCast as _;

    console_error_panic_hook::set_once();
    let place = document().get_element_by_id(PLACE).expect("the server renders the place");
    place.set_text_content(None);
    mount_to(place.unchecked_into(), view).forget();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_room_and_the_replay_are_programs_of_their_own() {
        for path in ["/interview/1", "/interview/1/", "/replay/1"] {
            assert!(is_living(path), "{path}");
        }
        for path in ["/", "/login", "/dashboard", "/interview/start/secret", "/interview/1/done"] {
            assert!(!is_living(path), "{path}");
        }
    }
}
