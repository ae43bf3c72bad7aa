import { Group, Loader, Text } from "@mantine/core";

export function Loading({ what }: { what: string }) {
  return (
    <Group gap="sm" py="md" role="status">
      <Loader size="sm" aria-hidden />
      <Text>Loading {what} …</Text>
    </Group>
  );
}
