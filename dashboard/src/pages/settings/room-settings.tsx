import { Button, Group, SimpleGrid, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Loading } from "../../components/loading.tsx";
import { Notice } from "../../components/notice.tsx";
import { Problem } from "../../components/problem.tsx";
import { useChangeLocation } from "../../data/locations.ts";
import { useRooms } from "../../data/records.ts";
import { useMay } from "../../session.ts";
import { useStore } from "../store/store-context.ts";
import { Section } from "./section.tsx";

export function RoomSettings() {
  const { location } = useStore();
  const [types, setTypes] = useState<Record<string, string>>(location.settings.room_types);
  const rooms = useRooms(location.location_id);
  const change = useChangeLocation(location.location_id);
  const may = useMay("admin");
  const found = new Map(rooms.data?.map((room) => [room.room_name, room.room_type]));
  const names = [...new Set([...found.keys(), ...Object.keys(types)])];
  const save = (event: FormEvent) => {
    event.preventDefault();
    const named = Object.entries(types).filter(([, type]) => type.trim() !== "");
    change.mutate({ settings: { room_types: Object.fromEntries(named) } });
  };
  return (
    <Section
      title="Rooms"
      about="The room type in ReUp of each room in Dutchie. If you leave a field empty, the type is the room's name."
    >
      {rooms.isPending && <Loading what="the rooms" />}
      {rooms.isError && <Problem what="The rooms could not be loaded" error={rooms.error} retry={rooms.refetch} />}
      {rooms.isSuccess && names.length === 0 && (
        <Text size="sm">No room is known yet. The first sync reads the rooms.</Text>
      )}
      {names.length > 0 && (
        <form onSubmit={save}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {names.map((name) => (
              <TextInput
                key={name}
                label={name}
                description={found.has(name) ? `Type now: ${found.get(name)}` : "Dutchie does not list this room"}
                placeholder={name}
                maxLength={100}
                disabled={!may}
                value={types[name] ?? ""}
                onChange={(event) => setTypes({ ...types, [name]: event.currentTarget.value })}
              />
            ))}
          </SimpleGrid>
          <Group mt="md">
            <Button type="submit" disabled={!may} loading={change.isPending}>
              Save rooms
            </Button>
          </Group>
        </form>
      )}
      {change.isSuccess && (
        <Notice tone="good" title="Saved" live>
          Packages get the new room types within minutes.
        </Notice>
      )}
      {change.isError && <Problem what="The rooms were not changed" error={change.error} />}
    </Section>
  );
}
