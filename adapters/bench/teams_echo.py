"""An echo bot as in Microsoft's samples, on the SDK's own adapter. It stores nothing."""

from __future__ import annotations

from aiohttp import web
from botbuilder.core import ActivityHandler, BotFrameworkAdapter, BotFrameworkAdapterSettings, TurnContext
from botbuilder.schema import Activity
from botframework.connector.auth import MicrosoftAppCredentials

from adapters.bench.teams_stage import APP_ID, APP_PASSWORD, OPENID_PATH
from adapters.teams.app import MESSAGES_PATH


class Echo(ActivityHandler):  # type: ignore[misc]  # the SDK is untyped
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(f"Echo: {turn_context.activity.text}")


def echo_app(url: str) -> web.Application:
    """`url` is the stand-in's."""
    password = APP_PASSWORD.reveal()
    settings = BotFrameworkAdapterSettings(
        APP_ID,
        password,
        app_credentials=_Credentials(APP_ID, password),
        open_id_metadata=f"{url}{OPENID_PATH}",
    )
    adapter, echo = BotFrameworkAdapter(settings), Echo()

    async def messages(request: web.Request) -> web.Response:
        activity = Activity().deserialize(await request.json())
        authorization = request.headers.get("Authorization", "")
        answer = await adapter.process_activity(activity, authorization, echo.on_turn)
        return web.Response() if answer is None else web.json_response(answer.body, status=answer.status)

    app = web.Application()
    app.router.add_post(MESSAGES_PATH, messages)
    return app


class _Credentials(MicrosoftAppCredentials):  # type: ignore[misc]
    """The SDK's login takes no address without https. That it has its token already spares it work."""

    def get_access_token(self, force_refresh: bool = False) -> str:
        return "bench"
