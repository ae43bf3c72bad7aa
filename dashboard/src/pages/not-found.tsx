import { Anchor, Text } from "@mantine/core";
import { Link } from "../components/link.tsx";
import { PageTitle } from "../components/page-title.tsx";

export function NotFound() {
  return (
    <>
      <PageTitle title="There is no such page" />
      <Text>
        The address may be wrong, or the store may be disconnected.{" "}
        <Anchor component={Link} href="/" underline="always">
          See your stores
        </Anchor>
        .
      </Text>
    </>
  );
}
