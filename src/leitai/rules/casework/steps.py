"""Steps of a case that are no move of its flow, and how grave slips are: the words that every page shows for them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from leitai.rules.kernel import Text

STEPS: Mapping[str, Text] = MappingProxyType(
    {
        "open": Text(zh="登记", en="Opened"),
        "transfer": Text(zh="转办（已接收）", en="Transferred and accepted"),
        "help": Text(zh="协办", en="Helped"),
        "pause": Text(zh="暂停计时（对方已确认）", en="Paused, the other side agreeing"),
        "resume": Text(zh="恢复计时", en="Clock runs on"),
        "extend": Text(zh="延期", en="More time given"),
        "reporter-over": Text(zh="反映人确认已解决", en="The reporter says it is solved"),
        "reporter-not-over": Text(zh="反映人称未解决", en="The reporter says it is not over"),
        "join": Text(zh="并入同根事项", en="Joined to a matter of the same root"),
        "leave": Text(zh="移出同根事项", en="Taken out of a matter of the same root"),
    }
)

COLOURS: Mapping[str, Text] = MappingProxyType(
    {
        "blue": Text(zh="蓝色督办单", en="blue slip"),
        "yellow": Text(zh="黄色督办单", en="yellow slip"),
        "orange": Text(zh="橙色督办单", en="orange slip"),
        "red": Text(zh="红色督办单", en="red slip"),
    }
)
GRAVITY: tuple[str, ...] = ("", *COLOURS)

REQUESTS: Mapping[str, Text] = MappingProxyType(
    {
        "transfer": Text(zh="转办", en="transfer"),
        "help": Text(zh="协办", en="help"),
        "pause": Text(zh="暂停计时", en="pause"),
        "extension": Text(zh="延期", en="more time"),
    }
)
