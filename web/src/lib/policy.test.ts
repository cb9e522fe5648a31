import { expect, test } from "vitest";
import { person } from "../test/render";
import { can } from "./policy";

const admin = person("admin");
const coordinator = person("maintenance_coordinator");
const member = person("member");

test("what each role is shown", () => {
  const shown = (user: typeof admin) => [
    can.writeSchedules(user),
    can.logUnplanned(user),
    can.administer(user),
    can.chooseOwner(user),
  ];
  expect(shown(admin)).toEqual([true, true, true, true]);
  expect(shown(coordinator)).toEqual([false, true, false, false]);
  expect(shown(member)).toEqual([false, false, false, false]);
});

test("a coordinator logs on what is assigned, a member never", () => {
  expect(can.logOn(coordinator, { assigned_to: coordinator.id })).toBe(true);
  expect(can.logOn(coordinator, { assigned_to: "somebody" })).toBe(false);
  expect(can.logOn(member, { assigned_to: member.id })).toBe(false);
});

test("photos are added by the author for a day, until an amendment closes it", () => {
  const log = { performed_by: coordinator.id, created_at: new Date().toISOString(), version: 1 };
  expect(can.addPhotos(coordinator, log)).toBe(true);
  expect(can.addPhotos(coordinator, { ...log, created_at: "2020-01-01T00:00:00Z" })).toBe(false);
  expect(can.addPhotos(admin, { ...log, version: 2 })).toBe(false);
});
