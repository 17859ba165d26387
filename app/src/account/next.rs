//! Where signing in leads: to a page of ours, whatever the address asks for.

/// Where signing in leads when nothing else was asked for.
const DASHBOARD: &str = "/dashboard";

/// The page to go on to, or the dashboard when `next` would leave this site.
pub fn page_of_ours(next: &str) -> &str {
    let leaves = next.starts_with("//") || next.contains('\\') || !next.bytes().all(|byte| byte.is_ascii_graphic());
    if next.starts_with('/') && !leaves { next } else { DASHBOARD }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_ours_is_kept() {
        assert_eq!(page_of_ours("/replay/0198?t=754.2"), "/replay/0198?t=754.2");
    }

    #[test]
    fn another_site_is_never_reached() {
        for next in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "/a\r\nb: c"]
        {
            assert_eq!(page_of_ours(next), DASHBOARD, "{next:?}");
        }
    }
}
