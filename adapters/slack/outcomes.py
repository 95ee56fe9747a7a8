"""How a call to Slack ended, by its status and Slack's own codes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime

from adapters.endings import End, Ending, wait_of


def _each(codes: str) -> list[str]:
    return codes.split()


# Codes: docs.slack.dev/reference/methods, "Errors" of the methods we call.
_WAIT = _each("""
    accesslimited message_limit_exceeded rate_limited ratelimited team_added_to_org updating_message
""")
_AMBIGUOUS = _each("""
    fatal_error fetch_members_failed internal_error list_record_comment_fetch_failed org_login_required
    request_timeout service_unavailable
""")
_AUTH = _each("""
    access_denied account_inactive app_missing_action_url ekm_access_denied invalid_auth missing_scope
    no_permission not_allowed_token_type not_authed not_installed team_access_not_granted token_expired
    token_revoked two_factor_setup_required
""")
_PERMANENT = _each("""
    as_user_not_supported attachment_payload_limit_exceeded block_mismatch blocked_by_policy cannot_dm_bot
    cannot_reply_to_message cant_update_message channel_not_found channel_type_not_supported
    deprecated_endpoint duplicate_channel_not_found duplicate_external_id duplicate_message_not_found
    edit_window_closed enterprise_is_restricted exchanged_trigger_id expired_trigger_id
    external_channel_migrating file_not_found hash_conflict invalid_arg_name invalid_argument
    invalid_arguments invalid_array_arg invalid_blocks invalid_blocks_format invalid_charset
    invalid_cursor invalid_form_data invalid_json invalid_limit invalid_metadata_format
    invalid_metadata_schema invalid_name invalid_post_type invalid_trigger_id invalid_ts_latest
    invalid_ts_oldest invalid_user_combination is_archived is_inactive json_not_object
    markdown_text_conflict message_not_found messages_tab_disabled metadata_must_be_sent_from_app
    metadata_too_large method_deprecated method_not_allowed method_not_supported_for_channel_type
    missing_argument missing_charset missing_file_data missing_post_type msg_blocks_too_long msg_too_long
    no_dual_broadcast_content_update no_text not_enabled not_enough_users not_found not_implemented
    not_in_channel posting_to_channel_denied posting_to_general_channel_denied push_limit_reached
    restricted_action restricted_action_non_threadable_channel restricted_action_read_only_channel
    restricted_action_thread_locked restricted_action_thread_only_channel slack_connect_blocked_file_type
    slack_connect_canvas_sharing_blocked slack_connect_clip_sharing_blocked
    slack_connect_file_upload_sharing_blocked slack_connect_lists_sharing_blocked superfluous_charset
    team_not_found thread_not_found too_many_attachments too_many_contact_cards too_many_users
    trigger_exchanged trigger_expired unknown_method user_disabled user_is_bot user_not_found
    user_not_in_channel user_not_visible users_list_not_supplied users_not_found view_too_large
""")
_CODES: Mapping[str, End] = {
    **dict.fromkeys(_PERMANENT, End.PERMANENT),
    **dict.fromkeys(_WAIT, End.NOT_DONE),
    **dict.fromkeys(_AMBIGUOUS, End.AMBIGUOUS),
    **dict.fromkeys(_AUTH, End.AUTH),
}
_A_CODE = re.compile(r"[a-z][a-z0-9_]{0,79}", re.ASCII)


def of_answer(status: int, headers: Mapping[str, str], raw: bytes, now: datetime) -> Ending:
    """`now` reads a Retry-After that is a date."""
    if status == 429:
        return Ending(end=End.NOT_DONE, code="ratelimited", wait_s=wait_of(headers.get("Retry-After"), now))
    if status != 200:
        return Ending(end=End.AMBIGUOUS, code=f"http_{status}")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return Ending(end=End.AMBIGUOUS, code="not_json")
    if not isinstance(body, dict) or not isinstance(body.get("ok"), bool):
        return Ending(end=End.AMBIGUOUS, code="no_answer")
    if body["ok"]:
        return Ending(end=End.DONE, code="ok", body=body)
    return _of_code(body.get("error"), headers, now)


def _of_code(said: object, headers: Mapping[str, str], now: datetime) -> Ending:
    """A code nobody has told us about may mean anything."""
    code = said if isinstance(said, str) and _A_CODE.fullmatch(said) else "unreadable_code"
    end = _CODES.get(code, End.AMBIGUOUS)
    waits = code in ("ratelimited", "rate_limited")
    return Ending(end=end, code=code, wait_s=wait_of(headers.get("Retry-After"), now) if waits else None)
