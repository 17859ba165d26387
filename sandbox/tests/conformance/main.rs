//! What every engine of boxes promises, asked of each: bubblewrap on this machine, and containers on Podman.
//!
//! For containers it starts Podman's service itself, as root, and needs the image that `make sandbox-image` makes. Where
//! Podman cannot be, those tests say why and end.

mod channels;
mod crashes;
mod ends;
mod engines;
mod files;
mod image;
mod limits;
mod runs;
mod shell;
mod walls;
mod watch;

#[path = "../support/patience.rs"]
mod patience;
#[path = "../support/podman_service.rs"]
mod podman_service;
#[path = "../support/shared.rs"]
mod support;

use engines::Bench;

/// Asks the same of every engine: each law becomes a test for each of them.
macro_rules! laws {
    ($($module:ident { $($law:ident)* })*) => {
        mod bubblewrap {
            $(mod $module { $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $law() {
                    crate::$module::$law(&crate::engines::Bench::bubblewrap()).await;
                }
            )* })*
        }
        mod podman {
            $(mod $module { $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $law() {
                    if let Some(bench) = crate::engines::Bench::podman() {
                        crate::$module::$law(&bench).await;
                    }
                }
            )* })*
        }
    };
}

laws! {
    files {
        files_go_in_and_come_out
        a_full_disk_costs_no_text
        links_lead_nowhere
        what_is_no_file_is_neither_read_nor_written
        only_text_of_a_modest_size_is_listed
        a_thousand_files_and_more_have_an_end
        names_may_be_any_bytes
        a_path_longer_than_a_name_may_be_is_passed_over
    }
    runs {
        a_program_reads_prints_complains_reports_and_ends
        input_that_nobody_reads_is_no_failure
        ten_megabytes_of_input_come_back_whole
        input_and_output_may_be_any_bytes
        an_unknown_command_is_answered_as_by_a_shell
        too_long_is_a_timeout_with_what_was_said_until_then
        being_killed_is_told_from_a_signal_and_a_status
        what_a_program_leaves_running_ends_with_it
        programs_run_beside_each_other
    }
    limits {
        too_much_memory_ends_the_program_and_nothing_else
        too_much_output_is_cut_and_ends_the_program
        a_fork_bomb_is_contained
        a_full_disk_is_told_and_the_box_stays_usable
        too_much_processor_time_ends_a_program
        a_program_that_does_nothing_is_idle
        a_program_that_prints_now_and_then_is_not_idle
        what_programs_of_the_system_v_kind_share_ends_with_them
        a_program_that_makes_itself_the_last_to_go_ends_its_own_box_at_most
    }
    shell {
        a_shell_greets_answers_and_tells_how_it_ended
        the_window_has_the_size_that_it_was_given
        sizes_of_all_kinds_are_taken
        ctrl_c_interrupts_a_flood
        bytes_of_all_kinds_pass
        hanging_up_ends_everything_that_the_shell_started
    }
    watch {
        writing_removing_and_moving_are_seen
        names_of_any_bytes_are_told
        skipped_folders_are_silent
        a_flood_is_told_as_everything
        a_watch_ends_with_its_box
    }
    walls {
        there_is_no_network
        only_its_own_folders_can_be_written
        there_are_no_rights_and_no_way_to_get_any
        the_kernel_refuses_what_no_interview_needs
    }
    ends {
        a_stopped_box_says_so
        a_program_that_nobody_waits_for_is_ended
        boxes_do_not_see_each_other
    }
}
