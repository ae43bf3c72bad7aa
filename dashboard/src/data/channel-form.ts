import type { AlertChannel } from "../../../src/client/index.ts";
import type { AlertRule } from "../../../src/client/rules.ts";

export interface ChannelForm {
  /** Set if the channel is saved. `target` is then a hint until the person enters a new one. */
  channel_id?: string;
  kind: AlertChannel["kind"];
  target: string;
  /** null: all rules. */
  rules: AlertRule[] | null;
  enabled: boolean;
}

export const formOf = ({ channel_id, kind, target, rules, enabled }: AlertChannel): ChannelForm => ({
  channel_id,
  kind,
  target,
  rules,
  enabled,
});

/** Whether both lists would be saved as the same channels. */
export function isSameList(one: readonly ChannelForm[], other: readonly ChannelForm[]): boolean {
  const plain = (list: readonly ChannelForm[]) =>
    JSON.stringify(
      list.map(({ channel_id, kind, target, rules, enabled }) => [
        channel_id,
        kind,
        target,
        rules === null ? null : [...rules].sort(),
        enabled,
      ]),
    );
  return plain(one) === plain(other);
}
