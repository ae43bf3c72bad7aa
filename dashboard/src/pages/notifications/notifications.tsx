import { useState } from "react";
import { useAlertChannels } from "../../data/channels.ts";
import { useMay } from "../../session.ts";
import { texts } from "../../texts.ts";
import { Loading } from "../../ui/loading.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageTitle } from "../../ui/page-title.tsx";
import { Problem } from "../../ui/problem.tsx";
import { ChannelList } from "./channel-list.tsx";

/** Where alerts of all stores are sent. */
export default function Notifications() {
  const isAllowed = useMay("admin");
  return (
    <>
      <PageTitle title={texts.notifications.title} about={texts.notifications.about} />
      {isAllowed ? (
        <Channels />
      ) : (
        <Notice tone="info" title={texts.notifications.needsAdmin}>
          {texts.common.askAdmin}
        </Notice>
      )}
    </>
  );
}

function Channels() {
  const { data, error, mutate } = useAlertChannels();
  const [opened, open] = useState(0);
  if (error !== undefined && data === undefined)
    return <Problem what={texts.notifications.notLoaded} error={error} retry={() => mutate()} />;
  if (data === undefined) return <Loading what={texts.notifications.theChannels} />;
  const openAgain = async () => {
    await mutate();
    open(opened + 1);
  };
  return <ChannelList key={opened} channels={data} onOpenAgain={openAgain} />;
}
