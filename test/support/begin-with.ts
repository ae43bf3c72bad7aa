import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Begins with these files. A clean checkout knows no durations, so vitest begins with the largest files; one that is small and slow
 * would begin last and run alone at the end.
 */
export function beginWith(...files: readonly string[]): typeof BaseSequencer {
  const isFirst = ({ moduleId }: TestSpecification) => files.some((file) => moduleId.endsWith(file));
  return class extends BaseSequencer {
    override async sort(given: TestSpecification[]): Promise<TestSpecification[]> {
      const sorted = await super.sort(given);
      return [...sorted.filter(isFirst), ...sorted.filter((each) => !isFirst(each))];
    }
  };
}
