import type { ComponentType } from "react";
import { Nav } from "../../ui/nav.tsx";
import { PageTitle } from "../../ui/page-title.tsx";
import { NotFound } from "../not-found.tsx";

interface ListsProps<Key extends string> {
  title: string;
  /** In the order of the menu. */
  lists: readonly { key: Key; label: string; List: ComponentType }[];
  hrefOf: (key: Key) => string;
  /** The list that the address names. */
  shown: string;
}

/** Several lists of a store under one title, and a menu of them. */
export function Lists<Key extends string>({ title, lists, hrefOf, shown }: ListsProps<Key>) {
  const current = lists.find(({ key }) => key === shown);
  if (current === undefined) return <NotFound />;
  const { label, List } = current;
  return (
    <>
      <PageTitle title={`${title}: ${label}`} />
      <Nav
        label={title}
        items={lists.map((each) => ({ href: hrefOf(each.key), label: each.label, isCurrent: each === current }))}
      />
      <List />
    </>
  );
}
