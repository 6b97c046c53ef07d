/** What a deferred action does, in the language of the page. In English it is its `summary`. */
import { t } from '@lingui/core/macro'
import type { ActionTitleFragment, DeferredActionKind, Status } from '@/gql/graphql'

const changeAccount: Record<Status, (name: string, number: string) => string> = {
  ACTIVE: (name, number) => t`Reactivate ${name} (${number})`,
  INACTIVE: (name, number) => t`Inactivate ${name} (${number})`,
  CLOSED: (name, number) => t`Close ${name} (${number})`,
}

const changeAsset: Record<Status, (asset: string, name: string, number: string) => string> = {
  ACTIVE: (asset, name, number) => t`Reactivate ${asset} of ${name} (${number})`,
  INACTIVE: (asset, name, number) => t`Inactivate ${asset} of ${name} (${number})`,
  CLOSED: (asset, name, number) => t`Close ${asset} of ${name} (${number})`,
}

const titles: Record<DeferredActionKind, (action: ActionTitleFragment) => string | null> = {
  CHANGE_ACCOUNT_STATUS: statusTitle,
  CHANGE_SERVICE_STATUS: statusTitle,
  CHANGE_OFFER_STATUS: statusTitle,
  ADD_TO_HIERARCHY: newParentTitle,
  MOVE_IN_HIERARCHY: newParentTitle,
  REMOVE_FROM_HIERARCHY: ({ account }) => moveTitle(account, null, false),
}

/** An action of a kind that the page does not know has the English summary of the API. */
export function actionTitle(action: ActionTitleFragment): string {
  return titles[action.kind]?.(action) ?? action.summary
}

/** `asset` is the service or offer that changes; null for the account itself. */
export function statusChangeTitle(
  toStatus: Status,
  { name, number }: { name: string; number: string },
  asset: { name: string } | null,
): string {
  return asset
    ? changeAsset[toStatus](asset.name, name, number)
    : changeAccount[toStatus](name, number)
}

/** `parent` is the number of the new parent; null to move the account out of its hierarchy. */
export function moveTitle(
  { number }: { number: string },
  parent: string | null,
  parentPays: boolean,
): string {
  if (parent === null) return t`Move account ${number} out of its hierarchy`
  return parentPays
    ? t`Move account ${number} below account ${parent}, which pays for it`
    : t`Move account ${number} below account ${parent}`
}

function statusTitle({ toStatus, target, account }: ActionTitleFragment) {
  return toStatus && statusChangeTitle(toStatus, account, target)
}

function newParentTitle({ account, newParent, parentPays }: ActionTitleFragment) {
  return newParent && moveTitle(account, newParent.number, parentPays)
}
