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
  ADD_TO_HIERARCHY: moveTitle,
  MOVE_IN_HIERARCHY: moveTitle,
  REMOVE_FROM_HIERARCHY: ({ account: { number } }) =>
    t`Move account ${number} out of its hierarchy`,
}

/** An action of a kind that the page does not know has the English summary of the API. */
export function actionTitle(action: ActionTitleFragment): string {
  return titles[action.kind]?.(action) ?? action.summary
}

function statusTitle({ toStatus, target, account: { name, number } }: ActionTitleFragment) {
  if (!toStatus) return null
  return target
    ? changeAsset[toStatus](target.name, name, number)
    : changeAccount[toStatus](name, number)
}

function moveTitle({ account: { number }, newParent, parentPays }: ActionTitleFragment) {
  if (!newParent) return null
  const parent = newParent.number
  return parentPays
    ? t`Move account ${number} below account ${parent}, which pays for it`
    : t`Move account ${number} below account ${parent}`
}
