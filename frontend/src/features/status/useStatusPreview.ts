/** What a status change would do now: its impact, its money, or why it is refused. */
import type { ImpactFragment, MoneyOfAccountFragment, Status } from '@/gql/graphql'
import { type Preview, refusalOf, useDryRun } from '@/lib/dryRun'
import type { Subject } from '@/lib/holds'
import { PreviewAccountStatusDocument, PreviewAssetStatusDocument } from './operations.generated'

export interface StatusPreview extends Omit<Preview<unknown>, 'data'> {
  impact: ImpactFragment | null
  /** The account as the change would leave it. */
  after: MoneyOfAccountFragment | null
  refusal: string | null
}

export function useStatusPreview(
  id: string,
  kind: Subject,
  change: { status: Status; backdateTo?: string; login?: string },
): StatusPreview {
  const ofAccount = kind === 'account'
  const { login, ...rest } = change
  const account = useDryRun(
    PreviewAccountStatusDocument,
    ofAccount ? { input: { accountId: id, ...rest } } : null,
  )
  const asset = useDryRun(
    PreviewAssetStatusDocument,
    ofAccount ? null : { input: { assetId: id, login, ...rest } },
  )
  const payload = ofAccount ? account.data?.changeAccountStatus : asset.data?.changeAssetStatus
  const after = ofAccount
    ? account.data?.changeAccountStatus?.account
    : asset.data?.changeAssetStatus?.asset?.account
  return {
    ...(ofAccount ? account : asset),
    impact: payload?.impact ?? null,
    after: after ?? null,
    refusal: refusalOf(payload),
  }
}
