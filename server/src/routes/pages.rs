//! The pages and their files: rendered by `app`, served with a policy that lets a page do no more than it needs.

use std::path::Path;
use std::sync::Arc;

use app::shell::PublicUrl;
use app::shell::living::Programs;
use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes as _, generate_route_list};
use service::Service;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use super::App;

/// Every page, the scripts and styles, and the files beside them.
pub fn routes(app: &App) -> Router<App> {
    let pages = generate_route_list(app::App);
    let root = app.site.site_root.to_string();
    let (service, public_url) = (app.service.clone(), app.public_url.clone());
    let programs = Programs::find(&app.site);
    let provide = move || {
        provide_context::<Arc<Service>>(service.clone());
        provide_context(PublicUrl(public_url.to_string()));
        provide_context(programs.clone());
    };
    let site = app.site.clone();
    Router::new()
        .leptos_routes_with_context(app, pages, provide, move || app::document(site.clone()))
        .nest_service("/pkg", files(&root, &app.site.site_pkg_dir, "public, max-age=31536000, immutable"))
        .nest_service("/vendor", files(&root, "vendor", "no-cache"))
        .route_service("/favicon.svg", tower_http::services::ServeFile::new(Path::new(&root).join("favicon.svg")))
        .fallback(leptos_axum::file_and_error_handler::<App, _>(app::document))
}

fn files(root: &str, folder: &str, cache: &'static str) -> Router {
    Router::new()
        .fallback_service(ServeDir::new(Path::new(root).join(folder)))
        .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, HeaderValue::from_static(cache)))
}
