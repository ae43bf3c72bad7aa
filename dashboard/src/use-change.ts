import useSWRMutation from "swr/mutation";
import { endIfRefused } from "./swr-options.ts";

/**
 * A change that a person asks for. `run` never rejects: what went wrong is in `error`, and the page shows it.
 * `done` gets the answer; refresh there the lists that changed.
 */
export function useChange<Input, Answer>(
  name: string,
  send: (input: Input) => Promise<Answer>,
  done: (answer: Answer, input: Input) => unknown = () => undefined,
) {
  const { trigger, isMutating, error, data, reset } = useSWRMutation<Answer, unknown, string, Input>(
    name,
    (_, { arg }: { arg: Input }) => send(arg),
    { throwOnError: false, onError: endIfRefused },
  );
  const run = async (input: Input): Promise<void> => {
    const ask = trigger as unknown as (input: Input) => Promise<Answer | undefined>;
    const answer = await ask(input);
    if (answer !== undefined) await done(answer, input);
  };
  return { run, isBusy: isMutating, error, answer: data, reset };
}
